-- Roles that might change the catalogue set rights too until now: that is a right of its own, which they keep.
UPDATE {gx_meta} SET body = replace(body, '"customise"', '"customise","manage_roles"') WHERE kind = 'access' AND body LIKE '%"customise"%' AND body NOT LIKE '%"manage_roles"%';
