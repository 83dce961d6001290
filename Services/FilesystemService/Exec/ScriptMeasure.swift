/// The part of the scripts that tells whether there is more than a request may move: POSIX shell with `find` and `awk`.
///
/// `measure` takes arguments of `find` and ends the script with the status `$excess` when the regular files that this finds have more than `$limit`
/// bytes together. It looks no further once that is clear.
enum ScriptMeasure {
    static let text =
        ScriptRefusal.assignments + #"""
            refuse() { printf '%s: %s\n' "$0" "$2" >&2; exit "$1"; }

            measure() {
                { find "$@" -type f -printf '%s\n'; echo "status $?"; } | awk -v limit="$limit" -v excess="$excess" '
                    BEGIN { status = 1 }
                    $1 == "status" { status = $2; next }
                    { total += $1; if (total > limit) { status = excess; exit } }
                    END { exit status }'
                case $? in
                    0) ;;
                    "$excess") refuse "$excess" "the files have more than $limit bytes, the limit of direct operations; use transfer/$0 instead" ;;
                    *) exit 1 ;;
                esac
            }

            """#
}
