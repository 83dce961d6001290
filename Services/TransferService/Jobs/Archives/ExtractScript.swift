import GoldcrestProtocol
import GoldcrestShell

/// The program that unpacks an archive: bash with coreutils, `awk` and `tar`, all of GNU.
///
/// It refuses the same archives as the direct operation of filesystem-service, but has no limits. So it keeps no copy of what it uncompresses, which may
/// be large, and reads the archive twice: nothing is unpacked from one that is broken or reaches out of the directory. What the members cannot show is
/// left to `tar`, as is an archive that is changed between the two: it drops a leading `/`, refuses `..`, and makes links that lead out of the directory
/// only when all else is done, so that no member is written through them.
struct ExtractScript {
    let archive: AbsolutePath
    let directory: AbsolutePath
    let compression: Compression

    var script: ShellScript {
        #"""
        archive=\#(archive)
        directory=\#(directory)
        program=\#(compression.program ?? "")
        \#(script: Self.program)
        """#
    }

    private static let program: ShellScript = #"""
        set -o pipefail
        unset TAR_OPTIONS
        fail() { printf 'extract: %s\n' "$1" >&2; exit 1; }

        if [ "$program" ]; then command -v "$program" >/dev/null || fail "$program is not installed on this node"; fi
        stat -L --format=%F -- "$directory/." >/dev/null || exit
        stat -L --format=%F -- "$archive" >/dev/null || exit
        if [ -d "$archive" ]; then fail "cannot read '$archive': Is a directory"; fi
        [ -f "$archive" ] || fail "cannot read '$archive': Not a regular file"
        head --bytes=1 -- "$archive" >/dev/null || exit

        content() {
            if [ "$program" ]; then "$program" -dc; else cat; fi <"$archive"
        }

        complaint=$(content | tar --list --verbose --absolute-names --numeric-owner --quoting-style=c --file=- | awk '
            function refuse(words) { status = 1; print words; exit }
            {
                kind = substr($0, 1, 1)
                name = substr($0, index($0, "\""))
                # Names are C string literals: no quotation mark in them is without a backslash.
                if (kind == "l") name = substr(name, 1, index(name, "\" -> \""))
                shown = name
                if (kind == "h") sub(/" link to "/, "\"\"", name)
                if (name ~ /^"\/|""\//) refuse(shown ": an absolute name leads out of the directory; nothing is unpacked")
                if (name ~ /(^"|""|\/)\.\.["\/]/) refuse(shown ": the name leads out of the directory; nothing is unpacked")
                if (kind == "b" || kind == "c") refuse(shown ": a device cannot be unpacked; nothing is")
            }
            END { exit status }')
        status=$?
        if [ "$complaint" ]; then fail "$complaint"; fi
        if [ "$status" -ne 0 ]; then exit "$status"; fi

        content | tar --extract --file=- --directory="$directory" --no-same-owner --no-same-permissions --no-overwrite-dir
        """#
}
