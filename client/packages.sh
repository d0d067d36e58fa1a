# The distribution's packages that Snug needs, and how to get those that are missing.
#
# Sourced by client/start, tests/run and screenshots/take. Talks on stderr only, reads no stdin, and
# asks the package manager for nothing when nothing is missing. Knows Debian and its relatives; on
# another system it says what to install and lets the build go on if that is there already.

SNUG_BUILD_PACKAGES="gcc libc6-dev make cmake pkg-config
    libuv1-dev libncurses-dev libutf8proc-dev libinih-dev libssl-dev libsqlite3-dev libicu-dev"
SNUG_TEST_PACKAGES="clang libclang-rt-dev libcmocka-dev git
    python3 python3-pytest python3-pytest-timeout python3-pytest-xdist python3-pyte
    tmux weechat-curses irssi catgirl telnet netcat-openbsd zsh fish"
SNUG_PICTURE_PACKAGES="sway foot grim python3 python3-pyte
    fonts-dejavu-core fonts-noto-color-emoji fonts-ipafont-gothic fonts-unfonts-core"

say() {
    printf '%s: %s\n' "$SNUG_SAYS" "$*" >&2
}

die() {
    say "$@"
    exit 1
}

# Runs a command without output; when it fails, prints what it wrote and returns its status.
quietly() {
    local output status
    output=$("$@" 2>&1 </dev/null)
    status=$?
    [ "$status" -eq 0 ] || printf '%s\n' "$output" >&2
    return "$status"
}

missing_packages() {
    local package
    for package in "$@"; do
        # The pattern keeps a package that was removed but not purged from counting as present.
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
            printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
        install -y --no-install-recommends "$@"
}

# need_packages NAME... : all of them are installed afterwards, or the script has ended with a line
# that says what to do.
need_packages() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "this system has no apt-get; if the build fails, install what these Debian packages contain:" $*
        return 0
    fi
    local missing
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        die "cannot install packages without root or sudo; as root run: apt-get install $missing"
    fi
    say "installing $missing"
    # shellcheck disable=SC2086 # a list of names
    if ! quietly apt_install $missing; then
        say "trying again with fresh package lists"
        quietly as_root apt-get -qq update || die "apt-get update failed; is the network up?"
        quietly apt_install $missing || die "could not install: $missing"
    fi
}
