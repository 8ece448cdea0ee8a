namespace HybridMesh.Core;

/// <summary>
/// What runs on a VM, for any POSIX shell with coreutils or busybox. The text is computed here and not there; the
/// scripts only read, compare, lock and replace.
/// </summary>
internal static class HostsScripts
{
    /// <summary>Needs <c>names</c>, a list of names to resolve if the file has them.</summary>
    public const string Read = Functions + """
        snapshot
        [ "$known" = 1 ] || { echo "The file $f can't be read." >&2; exit 1; }
        report
        for n in $names; do
          ! grep -qiF -- "$n" "$f" 2> /dev/null || resolve "$n"
        done
        """;

    /// <summary>
    /// Needs <c>seen</c> (the sum the text was computed from), <c>next</c> (the new text in base64), <c>first</c> and
    /// <c>last</c> (whether the first record comes or the last one goes) and <c>names</c>; runs as root.
    /// </summary>
    public const string Write = Functions + """
        echo HybridMesh
        lock hosts
        snapshot
        if [ "$sum" != "$seen" ]; then
          echo changed
          report
          exit 0
        fi
        trap 'rm -f "$t"; unlock' EXIT
        trap 'exit 1' HUP INT TERM PIPE
        how=renamed
        t=$(dirname "$f")/.hosts.hybridmesh.$$
        if (umask 077; : > "$t") 2> /dev/null; then
          if [ "$first" = 1 ] && [ -e "$f" ] && [ ! -e "$backup" ]; then
            cp -p "$f" "$backup.$$" && mv -f "$backup.$$" "$backup" || { rm -f "$backup.$$"; exit 1; }
          fi
        else
          # The folder is read-only, but the file may be a mount of its own.
          how=inplace
          t=$(mktemp) || exit 1
        fi
        if [ -e "$f" ]; then
          cp --preserve=all "$f" "$t" 2> /dev/null || cp -p "$f" "$t" || exit 1
        else
          chmod 644 "$t"
        fi
        printf '%s' "$next" | base64 -d > "$t" || exit 1
        want=$(base64 < "$t" | digest)
        sync "$t" 2> /dev/null
        old=$content
        trap '' HUP INT TERM PIPE
        if [ "$how" = inplace ] || ! mv -f "$t" "$f" 2> /dev/null; then
          # A mount point, as in containers: rename gives EBUSY.
          how=inplace
          cat "$t" > "$f" || {
            printf '%s' "$old" | base64 -d > "$f"; echo "The file $f can't be written." >&2; exit 1
          }
        fi
        snapshot
        [ "$sum" = "$want" ] || { echo "The file $f does not read back as it was written." >&2; exit 1; }
        [ "$last" = 0 ] || rm -f "$backup"
        rm -f "$t"
        unlock
        echo "written $how"
        for n in $names; do resolve "$n"; done
        """;

    // A link is followed, so that it stays one. The digest is taken of the base64 text, which a shell can hold.
    private const string Functions = LockScript.Functions + """
        set -f
        f=/etc/hosts
        backup=/etc/hosts.hybridmesh.bak
        [ ! -L "$f" ] || f=$(readlink -f "$f") || exit 1
        digest() {
          tr -d '\n' | if command -v sha256sum > /dev/null 2>&1; then sha256sum; else cksum; fi | tr -d ' \t\n-'
        }
        snapshot() {
          known=1 content=
          if [ -e "$f" ]; then
            content=$(base64 < "$f") || known=0
          fi
          sum=$(printf '%s' "$content" | digest)
        }
        report() {
          printf 'sum %s\n' "$sum"
          printf 'file %s\n' "$(printf '%s' "$content" | tr -d '\n')"
        }
        limited() {
          if command -v timeout > /dev/null 2>&1; then timeout 5 "$@"; else "$@"; fi
        }
        resolve() {
          { limited getent ahosts "$1" || limited getent hosts "$1"; } 2> /dev/null |
            while read -r a rest; do printf 'resolves %s %s\n' "$1" "$a"; done
        }

        """;
}
