/// The program that unpacks an archive on the system: POSIX shell with coreutils, `awk` and `tar`, all of GNU.
///
/// It is a constant. What it works on it gets as arguments: `$1` the archive, `$2` the directory to unpack it in, `$3` a word that makes the name of the
/// temporary file unique, `$4` the program that uncompresses, which may be empty, `$5` the most bytes of the archive, `$6` the most bytes of what is in it.
///
/// The archive is uncompressed first, but no further than allowed. So its listing and its unpacking see the same bytes, and nothing is unpacked
/// from an archive that is broken, too large or reaches out of the directory. What the members cannot show is left to `tar`: it makes links that
/// lead out of the directory only when all else is done, so that no member is written through them.
enum ExtractScript {
    static let text =
        ScriptRefusal.assignments + #"""
            refuse() { printf '%s: %s\n' "$0" "$2" >&2; exit "$1"; }

            archive=$1 directory=$2 word=$3 program=$4 limit=$5 unpacked=$6
            unset TAR_OPTIONS
            stat -L --format=%F -- "$directory/." >/dev/null || exit
            size=$(stat -L --format=%s -- "$archive") || exit
            if [ -d "$archive" ]; then refuse 1 "cannot read '$archive': Is a directory"; fi
            [ -f "$archive" ] || refuse 1 "cannot read '$archive': Not a regular file"
            [ "$size" -le "$limit" ] || refuse "$tooLong" "the archive has more than $limit bytes, the limit of direct operations; use transfer/$0 instead"
            head --bytes=1 -- "$archive" >/dev/null || exit
            if [ "$program" ]; then
                command -v "$program" >/dev/null || refuse "$missingProgram" "$program is not installed on this system"
            fi

            place=$directory
            [ -w "$place" ] || place=${TMPDIR:-/tmp}
            temporary=${place%/}/.goldcrest-extract-$word
            # A signal goes to the whole process group: this rm must not end by it.
            trap 'trap "" HUP INT TERM PIPE; rm -f -- "$temporary" 2>/dev/null' EXIT
            trap 'exit 1' HUP INT TERM PIPE
            (umask 077 && touch -- "$temporary") || exit
            if [ "$program" ]; then set -- "$program" -dc; else set -- cat; fi
            status=$({ { "$@" <"$archive" 3>&-; echo "$?" >&3; } | head --bytes="$((unpacked + 1))" >"$temporary"; } 3>&1) || exit
            size=$(stat --format=%s -- "$temporary") || exit
            [ "$size" -le "$unpacked" ] || refuse "$tooLong" "the archive holds more than $unpacked bytes, the limit of direct operations; use transfer/$0 instead"
            [ "$status" = 0 ] || exit "$unacceptable"

            complaint=$({ tar --list --verbose --absolute-names --numeric-owner --quoting-style=c --file="$temporary"; echo "status $?"; } |
                awk -v unpacked="$unpacked" -v tooLong="$tooLong" -v unacceptable="$unacceptable" '
                    function refuse(with, words) { status = with; print words; exit }
                    BEGIN { status = unacceptable }
                    /^status / { if ($2 == 0) status = 0; next }
                    {
                        kind = substr($0, 1, 1)
                        name = substr($0, index($0, "\""))
                        # Names are C string literals: no quotation mark in them is without a backslash.
                        if (kind == "l") name = substr(name, 1, index(name, "\" -> \""))
                        shown = name
                        if (kind == "h") sub(/" link to "/, "\"\"", name)
                        if (name ~ /^"\/|""\//) refuse(unacceptable, shown ": an absolute name leads out of the directory; nothing is unpacked")
                        if (name ~ /(^"|""|\/)\.\.["\/]/) refuse(unacceptable, shown ": the name leads out of the directory; nothing is unpacked")
                        if (kind == "b" || kind == "c") refuse(unacceptable, shown ": a device cannot be unpacked; nothing is")
                        # An empty file needs room as well.
                        total += 512 + $3
                        if (total > unpacked) refuse(tooLong, "the archive holds more than " unpacked " bytes, the limit of direct operations; use transfer/extract instead")
                    }
                    END { exit status }')
            status=$?
            if [ "$complaint" ]; then refuse "$status" "$complaint"; fi
            [ "$status" = 0 ] || exit "$status"

            tar --extract --file="$temporary" --directory="$directory" --no-same-owner --no-same-permissions --no-overwrite-dir
            """#
}
