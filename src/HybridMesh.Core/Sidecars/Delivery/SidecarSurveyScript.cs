namespace HybridMesh.Core;

/// <summary>Looks at a VM before its sidecar is touched; writes nothing. For any POSIX shell.</summary>
internal static class SidecarSurveyScript
{
    /// <summary>
    /// Needs <c>address</c>. Not as root, because sudo takes SSH_CONNECTION away: the client's address and port, and
    /// the server's.
    /// </summary>
    public const string AsUser = """
        printf 'ssh %s\n' "$SSH_CONNECTION"
        printf 'addresses %s\n' "$(hostname -I 2> /dev/null || hostname --all-ip-addresses 2> /dev/null)"
        case $(ip route get "$address" 2> /dev/null) in
          local*) printf 'local %s\n' "$address" ;;
        esac
        """;

    /// <summary>
    /// Needs <c>paths</c>, and <c>client</c> of <see cref="HealthScript"/>.
    /// </summary>
    public const string AsRoot = """
        look() {
          echo HybridMesh
          own=/var/lib/istio/hybridmesh
          for p in $paths; do
            [ ! -f "$p" ] || printf 'file %s %s %s\n' "$p" "$(stat -c '%a %U:%G' "$p")" \
              "$(sha256sum "$p" 2> /dev/null | cut -d ' ' -f 1 | grep . || echo -)"
          done
          ! id istio-proxy > /dev/null 2>&1 || echo user
          ! command -v systemctl > /dev/null 2>&1 || echo systemd
          for p in /etc /run /usr/local/lib /usr/lib /lib; do
            [ ! -e $p/systemd/system/istio.service ] || { echo unit; break; }
          done
          ! systemctl is-enabled istio > /dev/null 2>&1 || echo enabled
          [ ! -f "$own/installed" ] || while read -r kind p how; do
            printf 'noted %s\n' "$kind $p${how:+ $how}"
            [ "$kind" != file ] || [ -e "$p" ] || [ -L "$p" ] || printf 'gone %s\n' "$p"
          done < "$own/installed"
          [ ! -d "$own/undo" ] || echo unfinished
          printf 'client %s\n' "$client"
        }
        look < /dev/null
        exit 0
        """;
}
