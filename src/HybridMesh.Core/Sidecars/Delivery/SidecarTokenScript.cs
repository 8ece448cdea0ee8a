namespace HybridMesh.Core;

/// <summary>Writes a token on a VM, as root, under the VM's lock.</summary>
internal static class SidecarTokenScript
{
    /// <summary>
    /// Needs <c>next</c> (the token in base64), <c>token</c> (its file), <c>owner</c>, <c>method</c>, <c>restart</c>
    /// and <c>wait</c>. A file that is there keeps its owner and mode.
    /// </summary>
    public const string Main = """
        replace() {
          o=$2 m=600
          if [ -f "$1" ]; then
            o=$(stat -c %u:%g "$1") m=$(stat -c %a "$1")
          fi
          t=$(dirname "$1")/.hybridmesh.$$
          printf %s "$next" | base64 -d > "$t" && chown "$o" "$t" && chmod "$m" "$t" && mv -f "$t" "$1" ||
            { rm -f "$t"; return 1; }
        }
        write() {
          # A boot empties /var/run.
          d=$(dirname "$token")
          if [ ! -d "$d" ]; then
            (umask 022; mkdir -p "$d") && chown "$owner" "$d" || return 1
          fi
          # The copy first: should the VM go down in between, the new one is put back.
          [ ! -d "$own" ] || [ "$method" = Container ] || replace "$own/istio-token" root:root || return 1
          replace "$token" "$owner"
        }
        main() {
          echo HybridMesh
          unset SSH_CONNECTION SSH_CLIENT SSH_TTY
          umask 077
          stop=0
          lock sidecar
          trap '' HUP INT TERM PIPE
          if ! said=$(write 2>&1); then
            printf 'failed write\n'
            printf '%s\n' "$said" | sed 's/^/reason /'
            unlock
            exit 0
          fi
          if [ "$restart" = 1 ]; then
            if [ "$method" = Container ]; then
              up() { healthy; }
              dead() { false; }
              run restart istio-proxy > /dev/null 2>&1
            else
              up() { [ "$(systemctl is-active istio 2> /dev/null)" = active ] && healthy; }
              dead() { [ "$(systemctl is-active istio 2> /dev/null)" = failed ]; }
              service restart > /dev/null 2>&1
            fi
            ! await || echo ready
          fi
          unlock
          echo done
        }
        stopped() { [ "$stop" = 1 ]; }
        main < /dev/null
        exit 0
        """;
}
