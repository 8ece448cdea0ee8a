namespace HybridMesh.Core;

/// <summary>Locks on a VM, for any POSIX shell with flock or without.</summary>
internal static class LockScript
{
    /// <summary>
    /// <c>lock NAME</c> waits for the lock of that name, <c>patience</c> times 50 ms (10 s when it is not set); one
    /// that can't be had prints <c>locked FILE</c> and ends the script. <c>unlock</c> gives it back. With flock the
    /// lock is descriptor 9, which what outlives the script must not inherit.
    /// </summary>
    public const string Functions = """
        lock() {
          d=/run
          [ -d "$d" ] || d=/var/run
          l=$d/hybridmesh-$1.lock
          i=0
          if command -v flock > /dev/null 2>&1; then
            exec 9>> "$l" || exit 1
            until flock -n 9; do nap; done
          else
            l=$l.d
            until mkdir "$l" 2> /dev/null; do
              p=$(cat "$l/pid" 2> /dev/null)
              # A holder that died: whoever moves its lock away first removes it.
              if [ -n "$p" ] && ! kill -0 "$p" 2> /dev/null && mv "$l" "$l.$$" 2> /dev/null; then
                if [ "$(cat "$l.$$/pid" 2> /dev/null)" = "$p" ]; then rm -rf "$l.$$"; else mv "$l.$$" "$l"; fi
              else
                nap
              fi
            done
            echo $$ > "$l/pid"
            trap unlock EXIT
          fi
        }
        unlock() {
          case $l in
            *.d) [ "$(cat "$l/pid" 2> /dev/null)" != $$ ] || rm -rf "$l" ;;
            *) exec 9>&- ;;
          esac
        }
        nap() {
          i=$((i + 1))
          if [ "$i" -gt "${patience:-200}" ]; then
            echo "locked $l"
            exit 0
          fi
          sleep 0.05 2> /dev/null || { sleep 1; i=$((i + 19)); }
        }

        """;
}
