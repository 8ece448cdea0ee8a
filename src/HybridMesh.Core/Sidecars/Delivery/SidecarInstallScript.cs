using System.Globalization;
using System.Text;

namespace HybridMesh.Core;

/// <summary>
/// The installation on one VM, as root, under the VM's lock: all of it, or the VM as it was. It undoes by itself, also
/// when it is ended by a signal or nobody listens any more.
/// </summary>
internal static class SidecarInstallScript
{
    /// <summary>The script for a plan whose files lie in a folder of the VM.</summary>
    public static string Build(SidecarPlan plan, string stage, TimeSpan wait)
    {
        StringBuilder script = new();
        SidecarInstallRequest request = plan.Request;
        int seconds = Math.Max(1, (int)wait.TotalSeconds);
        Set("stage", stage);
        Set("method", request.Method.ToString());
        Set("image", request.Image);
        Set("spec", SidecarContainer.Fingerprint(request.Image));
        Set("package", plan.Package is null ? "" : plan.Package.Kind);
        Set("url", plan.Package is { Url: { } url } ? url.AbsoluteUri : "");
        Set("from", plan.Package?.Source ?? "");
        Set("restart", plan.Restart ? "1" : "0");
        Set("wait", seconds.ToString(CultureInfo.InvariantCulture));
        Set("patience", (20 * seconds).ToString(CultureInfo.InvariantCulture));
        Set("paths", string.Join(' ', plan.Layout.Targets.Select(target => target.Place)));
        Set("hosts", string.Join(' ', plan.Hosts.Select(host => host.HostName)));
        script.Append(HealthScript.Variables(plan.Address)).Append("files() {\n");
        foreach (SidecarDirectory folder in plan.Layout.Folders)
        {
            script.Append(CultureInfo.InvariantCulture, $"  folder {folder.Path} {folder.Mode} {folder.Owner}")
                .Append(folder.Claim ? " claim" : "").Append(" || return 1\n");
        }

        foreach (SidecarTarget target in plan.Due)
        {
            script.Append(CultureInfo.InvariantCulture, $"  put {target.StagedAs} {target.Place} {target.Mode} ")
                .Append(target.Owner).Append(" || return 1\n");
        }

        foreach (string place in plan.Layout.Expected)
        {
            script.Append(CultureInfo.InvariantCulture, $"  keep {place} || return 1\n");
        }

        return script.Append("}\n").Append(HealthScript.Functions).Append(SidecarRecordScript.Functions)
            .Append(SidecarServiceScript.Functions).Append(Main.ReplaceLineEndings("\n")).ToString();

        void Set(string name, string value) =>
            script.Append(name).Append('=').Append(ShellWord.Quote(value)).Append('\n');
    }

    // A shell reads the function as a whole before it runs, so that a connection that breaks early runs nothing.
    private const string Main = """
        stopped() { [ "$stop" = 1 ]; }
        failed() {
          printf 'failed %s\n' "$1"
          printf '%s\n' "$2" | tail -n 15 | sed 's/^/reason /'
          [ ! -d "$own/undo" ] || undo
          unlock
          exit 0
        }
        write_hosts() {
          [ -e "$stage/hosts" ] || return 0
          for n in $hosts; do note "host $n"; done
          said=$(sh "$stage/hosts" 2>&1 < /dev/null 9>&-)
          case $said in
            *written*) ;;
            *changed*) failed changed ;;
            *) failed hosts "$said" ;;
          esac
        }
        main() {
          echo HybridMesh
          # Whoever ends our SSH session looks for its processes by these; what is under way must get to its end.
          unset SSH_CONNECTION SSH_CLIENT SSH_TTY
          LC_ALL=C
          export LC_ALL
          umask 077
          cd / || exit 1
          stop=0 code=0
          lock sidecar
          trap 'stop=1' HUP INT TERM
          trap '' PIPE
          [ ! -d "$own/undo" ] || undo
          [ -z "$package" ] || fetch
          if ! said=$(begin 2>&1); then failed write "$said"; fi
          if stopped; then failed stopped; fi
          write_hosts
          [ -z "$package" ] || install_package
          if [ "$method" = Package ] && ! id istio-proxy > /dev/null 2>&1; then
            failed user "There is no user istio-proxy."
          fi
          if ! said=$(files 2>&1); then failed write "$said"; fi
          if [ "$restart" = 1 ]; then
            if [ "$method" = Package ]; then start_service; else start_container; fi
          fi
          if stopped; then failed stopped; fi
          [ "$method" = Package ] || run rm -f istio-proxy-hybridmesh > /dev/null 2>&1
          commit
          unlock
          echo done
          version
        }
        main < /dev/null
        exit 0
        """;
}
