import GoldcrestProtocol
import GoldcrestShell

/// The program that makes an archive: bash with coreutils, `find` and `tar`, all of GNU.
///
/// It makes the same archives as the direct operation of filesystem-service, which has limits besides. One `find` chooses the files, and `tar` takes
/// exactly those. All names begin with `./`, so none of them is an option. The names in the archive don't, but the targets of symbolic links stay
/// as they are. The archive is made beside the target and renamed at the end.
struct CompressScript {
    let order: ArchiveOrder

    var script: ShellScript {
        #"""
        parent=\#(order.source.parent)
        name=\#(Array(order.source.lastComponent))
        target=\#(order.target)
        program=\#(order.compression.program ?? "")
        follow=\#(order.dereference ? "yes" : "")
        pattern=\#(order.matchPattern ?? "")
        \#(script: Self.program)
        """#
    }

    private static let program: ShellScript = #"""
        unset TAR_OPTIONS
        fail() { printf 'compress: %s\n' "$1" >&2; exit 1; }

        if [ "$program" ]; then command -v "$program" >/dev/null || fail "$program is not installed on this node"; fi
        stat -- "${parent%/}/$name" >/dev/null || exit
        cd "$parent" || exit
        if [ "$pattern" ]; then find / -maxdepth 0 -regex "$pattern" >/dev/null || exit; fi

        # A link is written through, as `>` does.
        if [ -L "$target" ]; then
            resolved=$(readlink -fnv -- "$target" && echo .) || exit
            target=${resolved%.}
        fi
        directory=${target%/*}/
        existing=
        if [ -d "$target" ]; then fail "cannot write '$target': Is a directory"; fi
        if [ -e "$target" ]; then
            [ -f "$target" ] || fail "cannot write '$target': Not a regular file"
            [ -w "$target" ] || fail "cannot write '$target': Permission denied"
            existing=yes
        fi

        temporary=${directory}.goldcrest-compress-$task
        list=$temporary.list
        # A signal goes to the whole process group: this rm must not end by it.
        trap 'trap "" HUP INT TERM XCPU; rm --force -- "$temporary" "$list"' EXIT
        trap 'trap "" HUP INT TERM XCPU; exit 143' HUP INT TERM XCPU
        touch -- "$temporary" "$list" || exit

        chosen=(${follow:+-L} "./$name" ! -samefile "$temporary" ! -samefile "$list")
        if [ "$existing" ]; then chosen+=(! -samefile "$target"); fi
        if [ "$pattern" ]; then chosen+=(! -type d -regex "$pattern"); fi
        find "${chosen[@]}" -fprint0 "$list" || exit
        [ -s "$list" ] || fail "there is nothing to put into the archive${pattern:+: no file matches the pattern}"

        tar --create --file="$temporary" ${program:+"--$program"} ${follow:+--dereference} --no-recursion --transform='flags=rh;s,^\./,,' \
            --no-unquote --null --files-from="$list" || exit
        if [ "$existing" ]; then chmod --reference="$target" -- "$temporary" || exit; fi
        mv --force --no-target-directory -- "$temporary" "$target"
        """#
}

extension Compression {
    /// The program that compresses and, with `-dc`, unpacks; tar has an option of its name.
    var program: String? {
        self == .none ? nil : rawValue
    }
}
