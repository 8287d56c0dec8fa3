// Forms of metadata and records as the API sends them (CONTRACT 2 to 4).
export type Label = Partial<Record<'zh-CN' | 'en', string>>;

export type FieldType =
  | 'any_link' | 'file' | 'image' | 'rollup'
  | 'address' | 'choices' | 'color' | 'duration' | 'geo' | 'json' | 'rating' | 'rich_text' | 'secret' | 'tags' | 'url'
  | 'auto_number' | 'boolean' | 'choice' | 'date' | 'datetime' | 'decimal' | 'email' | 'formula' | 'integer'
  | 'link' | 'links' | 'long_text' | 'money' | 'percent' | 'phone' | 'text';

export interface Choice { value: string; label?: Label; color?: string | null; retired?: boolean; parent?: string | null }

export interface FieldMeta {
  /** Values that the person may choose, where not all. */
  only?: string[];
  name: string;
  type: FieldType | (string & {});
  label?: Label;
  help?: Label;
  required?: boolean;
  readonly?: boolean;
  system?: boolean;
  /** Made here, not shipped with the program. */
  custom?: boolean;
  unique?: boolean;
  search?: boolean;
  max?: number | string | null;
  min?: string | null;
  scale?: number | null;
  default?: unknown;
  to?: string;
  /** Set by the client from the catalogue: what the link's target is like. */
  target?: { coded: boolean; icon: string };
  inverse?: string | null;
  list?: string;
  choices?: Choice[];
  depends_on?: string | null;
  result?: string;
  multiple?: boolean;
  accept?: string[];
  /** Types of before, oldest first, and until when. */
  former?: { type: string; until: string }[];
  max_size?: number;
  of?: string;
  number?: string;
  format?: string;
  personal?: string;
  on_delete?: string;
  visible_with?: boolean;
  /** Whom it names may see the record, or change it too. */
  shares?: 'read' | 'edit';
  tree?: boolean;
  required_when?: string;
  visible_when?: string;
  readonly_when?: string;
  /** A change of type that is under way. */
  retype?: { type: string; job: string };
  sortable?: boolean;
  filterable?: boolean;
  summable?: boolean;
  /** Set by the client from the object's rights: less than writing. */
  right?: FieldRight;
  /** Set by the client: a link that only offers what is there. */
  fixed?: boolean;
}

export interface Relation { name: string; object: string; plural: string; field: string; label?: Label }

/** A condition that must not be false when a record is written. */
/** What makes two records look like one. */
export interface DuplicateRule { name: string; label?: Label; fields: { field: string; as?: string }[]; fuzzy?: boolean; threshold?: number; action?: 'off' | 'warn' | 'block'; among?: string[]; override?: string[]; tell_owner?: boolean }
export interface Rule { name: string; check: string; message: Label; field?: string }

export interface LayoutSection { label?: Label; tab?: Label; columns?: number; collapsed?: boolean; fields: string[] }

export interface Layout {
  layout: string;
  kind: 'form' | 'list' | 'board' | 'card' | 'panel';
  sections?: LayoutSection[];
  fields?: string[];
  columns?: ColumnSpec[];
  related?: { relation: string; fields?: string[]; sort?: string[] }[];
  group?: string;
  group_by?: string | null;
  sum?: string | null;
  card?: string[];
  label?: Label;
  /** For whom; nobody named: for all. */
  for?: { roles?: string[]; record_type?: string | null } | null;
  /** What it names and is no more. */
  missing?: string[];
}

export interface ColumnSpec { field: string; width?: number; frozen?: boolean }

export interface View {
  view: string;
  object?: string;
  label?: Label;
  kind?: string;
  filter?: string | null;
  sort?: string[] | null;
  columns?: (ColumnSpec | string)[] | null;
  group?: string | null;
  /** What a kind shows besides: figure, scale, section, as in the address. */
  look?: string | null;
  shared_with?: string[] | null;
  broken?: string;
}

export type FieldRight = 'read' | 'masked' | 'reveal';
export interface ObjectRights { read?: unknown; create?: unknown; /** Of which types records may be made, where it is not any. */ create_types?: string[]; update?: unknown; delete?: unknown; import?: unknown; export?: unknown; share?: unknown; transfer?: unknown; bulk?: unknown; /** Fields of which less is allowed than writing; hidden ones are named nowhere. */ fields?: Record<string, FieldRight> }

export interface ObjectMeta {
  object: string;
  plural: string;
  area?: string;
  icon?: string;
  traits?: string[];
  label?: Label;
  plural_label?: Label;
  title?: string;
  fields: FieldMeta[];
  relations?: Relation[];
  rules?: Rule[];
  duplicates?: DuplicateRule[];
  unique?: string[][];
  indexes?: string[][];
  custom?: boolean;
  number?: string;
  history?: boolean;
  timeline?: boolean;
  layouts?: Layout[];
  /** Those of the person who is signed in, what is meant for fewer first (lib/layouts). */
  shown?: Layout[];
  /** The choice that says of what type a record is. */
  record_type?: string;
  views?: View[];
  verbs?: VerbMeta[];
  rights?: ObjectRights;
  /** Set by the client: what is shown is how it was. */
  past?: boolean;
}

/** What can be done to a record beyond changing fields. A parameter is a field of the object or a value of the verb's own. */
export interface VerbMeta { verb: string; label?: Label; icon?: string; needs?: string; hints?: boolean; danger?: boolean; single?: boolean; params: ({ field: string; required?: boolean } | FieldMeta)[] }

export interface ChoiceList { list: string; label?: Label; entries: Choice[] }

export interface Meta { version: number | string; objects: ObjectMeta[]; lists?: ChoiceList[] }

export interface LinkValue { id: string; title?: string | null; code?: string; object?: string }
export interface MoneyValue { value: string; currency: string }
export type Rec = { id: string; version: number } & Record<string, unknown>;

export interface Count { value: number; exact: boolean }
export interface SearchHit { object: string; id: string; title: string | null; subtitle: string | null; match: { field: string; ranges: [number, number][] } }
export interface SearchAnswer { items: SearchHit[]; more: boolean }
export interface Page { items: Rec[]; next: string | null; count?: Count | null }
export type AggregateRow = { count?: number } & Record<string, unknown>;
export interface AggregateAnswer { rows: AggregateRow[]; total?: AggregateRow }

/** old_type, new_type: where the field had another type then. */
export interface HistoryChange { field: string; old: unknown; new: unknown; old_type?: string; new_type?: string }
export interface HistoryItem { version: number; action: string; at: string; by?: LinkValue | null; cause?: string; batch?: string | null; changes: HistoryChange[]; merged_from?: MergedFrom }
export interface MergedFrom { id: string; title: string | null }

export interface TimelineItem {
  at: string; kind: string; object: string; id: string; title: string | null; text: string | null; by?: LinkValue | null; mentions?: LinkValue[]; files?: { id: string; name?: string | null; size?: number; type?: string; url?: string }[];
  version?: number; action?: string; cause?: string; changes?: HistoryChange[]; merged_from?: MergedFrom;
  pinned?: { at: string; at_by: LinkValue; off?: string; off_by?: LinkValue };
}

export interface ImportError { row: number; column?: string | null; code?: string; message: string; suggestion?: string | null }
export interface ImportResult {
  read: number; created: number; updated: number; skipped: number; failed: number; warnings?: number; similar?: number;
  errors?: ImportError[]; error_file?: string | null; error_workbook?: string | null; samples?: ImportSample[];
}
export interface ImportSample { row: number; outcome: 'created' | 'updated'; id: string | null; title: string | null; changes: { field: string; old: unknown; new: unknown }[] }
export interface ExportResult { rows: number; truncated: number; skipped?: number; file: { id: string; name: string; size: number; type: string; url: string } }
export interface Job<Result = ImportResult> {
  id: string; kind: string; status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  progress?: { done: number; total: number } | null; result?: Result | null; batch?: string | null; error?: ProblemBody | null;
}

export interface FieldError { field?: string; code?: string; message: string; at?: number; suggestion?: string | null }
export interface ProblemBody { title?: string; status?: number; code?: string; detail?: string; errors?: FieldError[]; request_id?: string }

export interface Me {
  user: { id: string; name: string; login: string; language?: string | null; time_zone?: string | null; roles?: string[] };
  organisation: { name: string; currency: string; language?: string; time_zone?: string };
  rights: { objects?: Record<string, ObjectRights>; system?: string[] };
  csrf_token: string;
  /** Who looks through this person's eyes; nothing can be changed then. */
  viewed_by?: LinkValue | null;
}
