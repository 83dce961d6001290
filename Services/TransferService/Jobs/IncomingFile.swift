import GoldcrestProtocol
import GoldcrestShell

/// A file that a job receives: its bytes arrive beside it and take its place when they are whole, so a transfer that fails changes nothing.
struct IncomingFile: Sendable {
    let target: AbsolutePath

    /// Makes a private directory beside the target and names it `$incoming`; the bytes belong into `$incoming/file`. Whoever uses it sets `$incoming`
    /// to nothing before, and removes what it names after.
    ///
    /// What can be known to fail fails now, before anything is sent.
    var preparation: ShellScript {
        """
        target=\(target)
        refuse() { echo "$target: $1" >&2; exit 1; }
        # A link is written through, as `>` does.
        if [ -L "$target" ]; then
            resolved=$(readlink -fnv -- "$target" && echo .) || exit
            target=${resolved%.}
        fi
        if [ -d "$target" ]; then refuse 'Is a directory'; fi
        if [ -e "$target" ]; then
            [ -f "$target" ] || refuse 'Not a regular file'
            [ -w "$target" ] || refuse 'Permission denied'
        fi
        # The name is the same when the job is started again, so nothing is left of the first time.
        incoming=${target%/*}/.goldcrest-upload-$task
        rm -rf -- "$incoming" && mkdir -m 700 -- "$incoming" || exit
        """
    }

    /// Puts `$incoming/file` in the target's place. The mode, access control list, owner and group of an existing file stay.
    var publication: ShellScript {
        #"""
        place=rename
        if [ -e "$target" ]; then
            # A new file would be another owner's or group's.
            [ -O "$target" ] || place=overwrite
            [ -G "$target" ] || chgrp --reference="$target" -- "$incoming/file" 2>/dev/null || place=overwrite
            # With its access control list; without, where that needs a permission to read.
            cp -T --attributes-only --preserve=mode -- "$target" "$incoming/file" 2>/dev/null ||
                chmod --reference="$target" -- "$incoming/file" || exit
        fi
        if [ "$place" = overwrite ]; then
            cp -T --no-preserve=all -- "$incoming/file" "$target" || exit
        else
            mv -fT -- "$incoming/file" "$target" || exit
        fi
        """#
    }
}
