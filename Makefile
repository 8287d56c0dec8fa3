# SPDX-License-Identifier: Apache-2.0
# Guanxi: `make help` lists the verbs. Every folder of src/ becomes build/lib<folder>.a.
# Several makes may run in one tree: every output is written aside and moved into place.

CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
AR      := ar
SAN     ?=
T       ?=
S       ?= 5
comma   := ,

ifneq ($(SAN),)
B       ?= build-san/$(subst $(comma),-,$(SAN))
else ifneq ($(CC),gcc)
B       ?= build-$(notdir $(CC))
else
B       ?= build
endif
GEN     := $(B)/gen

PACKAGES := libmicrohttpd jansson sqlite3 libpq libsodium icu-uc icu-i18n libcurl libcrypto uchardet zlib expat xlsxwriter
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)

WARN    := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wshadow
CFLAGS  := -std=c17 -D_GNU_SOURCE -O2 -g $(WARN) -fstack-protector-strong -pthread $(EXTRA_CFLAGS)
LDFLAGS := -pthread -Wl,--as-needed
LDLIBS  := $(PKG_LIBS) -lm
ifeq ($(SAN),)
CFLAGS  += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
LDFLAGS += -Wl,-z,relro,-z,now
else ifeq ($(SAN),fuzzer)
CC      := clang
CFLAGS  += -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
           -fno-sanitize-recover=all
LDFLAGS += -fsanitize=fuzzer,address,undefined
else
CFLAGS  += -O1 -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all
LDFLAGS += -fsanitize=$(SAN)
endif

# ---- what there is ------------------------------------------------------------------------
SOURCES    := $(sort $(shell find src -name '*.c' 2>/dev/null))
FOLDERS    := $(sort $(foreach f,$(SOURCES),$(word 2,$(subst /, ,$(f)))))
LIBS       := $(FOLDERS:%=$(B)/lib%.a)
MESSAGES   := $(sort $(shell find src -name 'messages.zh-CN.json' 2>/dev/null))
META_JSON  := $(sort $(shell find src/modules seed -name '*.json' ! -name 'messages.*' 2>/dev/null))
MIGRATIONS := $(sort $(shell find migrations -name '*.sql' 2>/dev/null))
UNIT_TESTS := $(sort $(shell find tests/unit -name '*_test.c' 2>/dev/null))
FUZZERS    := $(sort $(shell find tests/fuzz -name '*_fuzz.c' 2>/dev/null))
objects     = $(patsubst %.c,$(B)/obj/%.o,$(1))

.PHONY: server all ui run test unit lint format bench bench-rights bench-browser bench-analytics soak fuzz fuzzers gen sizes clean help libs FORCE
.SECONDARY:
.DELETE_ON_ERROR:

server: $(B)/guanxi                 ## (default) the program, with the client if it was built
libs: $(LIBS)
all: ui                             ## client and program: build/guanxi
	$(MAKE) --no-print-directory $(B)/guanxi

# ---- compile ------------------------------------------------------------------------------
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC   $<"
	@$(CC) $(CFLAGS) $(PKG_CFLAGS) -Isrc -Itests/unit -MMD -MP -MF $(@:.o=.d) -MT $@ \
	    -c $< -o $@.$$$$ && mv -f $@.$$$$ $@ || { rm -f $@.$$$$; exit 1; }

# The same bits on every machine: no fused multiply-add where a compiler would choose it.
$(B)/obj/src/analytics/%.o: CFLAGS += -ffp-contract=off

define FOLDER_RULES
$(B)/lib$(1).a: $(call objects,$(filter src/$(1)/%,$(SOURCES))) $(B)/list/$(1)
	@echo "  AR   $$@"
	@mkdir -p $$(@D); rm -f $$@.$$$$$$$$
	@$(AR) rcs $$@.$$$$$$$$ $$(filter %.o,$$^) && mv -f $$@.$$$$$$$$ $$@
endef
$(foreach f,$(FOLDERS),$(eval $(call FOLDER_RULES,$(f))))

# The list of a folder's sources: a removed file must leave the archive too.
$(B)/list/%: FORCE
	@mkdir -p $(@D); echo '$(filter src/$*/%,$(SOURCES))' | cmp -s - $@ \
	    || echo '$(filter src/$*/%,$(SOURCES))' > $@

# ---- generated C --------------------------------------------------------------------------
$(GEN)/messages.c: $(MESSAGES) scripts/gen-messages FORCE
	@mkdir -p $(@D); scripts/gen-messages $@ $(MESSAGES)
$(GEN)/embed_meta.c: $(META_JSON) scripts/gen-embed FORCE
	@mkdir -p $(@D); scripts/gen-embed embed_meta $@ src/modules $(META_JSON)
$(GEN)/embed_migrations.c: $(MIGRATIONS) scripts/gen-embed FORCE
	@mkdir -p $(@D); scripts/gen-embed embed_migrations $@ migrations $(MIGRATIONS)
$(GEN)/embed_ui.c: scripts/gen-embed scripts/pack-ui FORCE
	@mkdir -p $(@D) build/ui-packed; scripts/pack-ui ui/dist build/ui-packed
	@scripts/gen-embed embed_ui $@ build/ui-packed $$(find build/ui-packed -type f ! -name .stamp | sort)

$(GEN)/fold_table.c: scripts/gen-fold
	@mkdir -p $(@D); scripts/gen-fold $@
$(GEN)/pinyin_table.c: scripts/gen-pinyin $(GEN)/fold_table.c
	@mkdir -p $(@D); scripts/gen-pinyin $@ $(GEN)/fold_table.c
$(GEN)/fold_chars.c: scripts/gen-fold-chars
	@mkdir -p $(@D); scripts/gen-fold-chars $@

GEN_NAMES := messages embed_meta embed_migrations embed_ui fold_chars fold_table pinyin_table
$(GEN)/fold_chars.o $(GEN)/fold_table.o $(GEN)/pinyin_table.o: src/base/base_internal.h
$(GEN)/embed_meta.o: $(META_JSON)
$(GEN)/embed_migrations.o: $(MIGRATIONS)
$(GEN)/embed_ui.o: $(wildcard build/ui-packed/.stamp)
$(GEN)/%.o: $(GEN)/%.c src/base/embed.h src/base/message.h
	@echo "  GEN  $*"
	@$(CC) $(CFLAGS) -Isrc -c $< -o $@.$$$$ && mv -f $@.$$$$ $@
$(B)/libgen.a: $(GEN_NAMES:%=$(GEN)/%.o)
	@rm -f $@.$$$$; $(AR) rcs $@.$$$$ $^ && mv -f $@.$$$$ $@

# ---- the program --------------------------------------------------------------------------
$(B)/guanxi: $(LIBS) $(B)/libgen.a
	@echo "  LD   $@"
	@$(CC) $(LDFLAGS) -o $@.$$$$ -Wl,--start-group $^ -Wl,--end-group $(LDLIBS) \
	    && mv -f $@.$$$$ $@

# ---- tests --------------------------------------------------------------------------------
# Every tests/unit/<folder>/**/*_test.c is a program of its own; the other .c files of that
# folder are helpers of all of them. It links only what the folder may reach by src/LAYERS.
define UNIT_RULES
UNIT_LIBS_$(1) := $$(patsubst %,$(B)/lib%.a,$$(filter $(FOLDERS),$$(shell scripts/layer-closure $(1))))
UNIT_HELP_$(1) := $$(call objects,$$(filter-out %_test.c,$$(shell find tests/unit/$(1) -name '*.c')))
$(B)/unit/$(1)/%: $(B)/obj/tests/unit/$(1)/%.o $$(UNIT_HELP_$(1)) $$(UNIT_LIBS_$(1)) $(B)/libgen.a
	@mkdir -p $$(@D)
	@echo "  LD   $$@"
	@$(CC) $(LDFLAGS) -o $$@.$$$$$$$$ $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) \
	    -Wl,--end-group -lcmocka $(LDLIBS) && mv -f $$@.$$$$$$$$ $$@
endef
UNIT_FOLDERS := $(sort $(foreach f,$(UNIT_TESTS),$(word 3,$(subst /, ,$(f)))))
$(foreach f,$(UNIT_FOLDERS),$(eval $(call UNIT_RULES,$(f))))

UNIT_WANTED   := $(if $(T),$(filter tests/unit/$(T)/% tests/unit/$(T)_test.c,$(UNIT_TESTS)),$(UNIT_TESTS))
UNIT_PROGRAMS := $(UNIT_WANTED:tests/unit/%.c=$(B)/unit/%)

unit: $(UNIT_PROGRAMS)              ## unit tests: T=folder[/file] SAN=address,undefined|thread
	@scripts/run-unit $(UNIT_PROGRAMS)

# A fuzzer links the closure of the folders whose headers it includes.
fuzz_folders = $(sort $(foreach f,$(shell sed -n 's|^\#include "\([a-z]*\)/.*|\1|p' $(1)),$(shell scripts/layer-closure $(f))))
define FUZZ_RULE
$(B)/fuzz/$(1): $(B)/obj/tests/fuzz/$(1)_fuzz.o $(patsubst %,$(B)/lib%.a,$(filter $(FOLDERS),$(call fuzz_folders,tests/fuzz/$(1)_fuzz.c))) $(B)/libgen.a
	@mkdir -p $$(@D)
	@echo "  LD   $$@"
	@$(CC) $(LDFLAGS) -o $$@.$$$$$$$$ $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) \
	    -Wl,--end-group $(LDLIBS) && mv -f $$@.$$$$$$$$ $$@
endef
FUZZ_NAMES := $(patsubst tests/fuzz/%_fuzz.c,%,$(FUZZERS))
ifeq ($(SAN),fuzzer)
$(foreach f,$(FUZZ_NAMES),$(eval $(call FUZZ_RULE,$(f))))
fuzzers: $(patsubst %,$(B)/fuzz/%,$(if $(T),$(T),$(FUZZ_NAMES)))
endif
fuzz:                               ## fuzzers: T=name (default: all) S=seconds each (default: 5)
	@$(MAKE) --no-print-directory SAN=fuzzer T=$(T) fuzzers
	@scripts/run-fuzz $(S) $(if $(T),$(T),$(FUZZ_NAMES))

test:                               ## every gate: sets up, then lint, unit, API, browser, faults
	@scripts/install-deps
	@scripts/test
soak:                               ## the long counts of `test`: 200 kills, 10 minutes a fuzzer
	@scripts/install-deps
	@scripts/soak
lint:                               ## format, layers, symbols, SQL, sizes, complexity, clang-tidy
	@scripts/lint
format:                             ## let clang-format write all C files
	@scripts/check-format --fix
bench:                              ## performance against the floor in C, in one run
	@scripts/bench $(ARGS)
bench-rights:                       ## lists and counts for five kinds of people over a million accounts
	@scripts/bench-rights $(ARGS)
bench-browser:                      ## what a person waits for, in a real browser, and Lighthouse
	@scripts/bench-browser $(ARGS)
bench-analytics:                    ## kernels against scikit-learn, statsmodels, scipy, pandas, R
	@scripts/bench-analytics $(ARGS)
sizes:                              ## the longest functions and files
	@scripts/check-sizes --list

# ---- client -------------------------------------------------------------------------------
UI_SOURCES := $(shell find ui -type f -not -path '*/node_modules/*' -not -path 'ui/dist/*' 2>/dev/null)
ui: build/ui.stamp                  ## the web client: ui/dist
build/ui.stamp: $(UI_SOURCES) scripts/build-ui
	@mkdir -p build
	scripts/build-ui
	@touch $@

gen: server                         ## generated files under version control (docs/api.md, types)
	@scripts/gen-all $(B)/guanxi
run:                                ## install what is missing, build, fill a demo company, serve
	@scripts/install-deps
	@scripts/run
clean:                              ## remove what was built (data/ stays)
	rm -rf build build-* ui/dist
help:                               ## this list
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## *\(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
