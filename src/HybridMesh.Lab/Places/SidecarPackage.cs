using System.Globalization;

namespace HybridMesh.Lab;

/// <summary>What Istio's package istio-sidecar leaves on a VM: unit, agent, user and empty folders.</summary>
internal static class SidecarPackage
{
    private const string User = "istio-proxy";

    /// <summary>The number Istio's own images give the user; another where the host has given it away.</summary>
    private const int FirstId = 1337;

    private static readonly string[] Folders =
    [
        "/etc/certs", "/etc/istio/config", "/etc/istio/proxy", "/var/lib/istio/envoy", "/var/lib/istio/config",
        "/var/lib/istio/proxy", "/var/log/istio",
    ];

    /// <summary>Where units lie: in a merged file tree /lib is a link, which a folder can't be laid over.</summary>
    private static readonly string Library = new DirectoryInfo("/lib").LinkTarget is null ? "/lib" : "/usr/lib";

    private static readonly Lazy<(string Users, string Groups)> Accounts = new(() =>
    {
        string[] users = File.ReadAllLines("/etc/passwd"), groups = File.ReadAllLines("/etc/group");
        HashSet<string> taken = [.. users.Concat(groups).Select(line => line.Split(':'))
            .Where(fields => fields.Length > 2).Select(fields => fields[2])];
        int id = Enumerable.Range(FirstId, 10_000)
            .First(number => !taken.Contains(number.ToString(CultureInfo.InvariantCulture)));
        return (
            Text(users, $"{User}:x:{id}:{id}::/var/lib/istio:/usr/sbin/nologin"), Text(groups, $"{User}:x:{id}:"));
    });

    public static void Write(PlacePlan plan, string shadow)
    {
        VmSeed.Put(plan, "/etc/passwd", Accounts.Value.Users, VmSeed.Readable);
        VmSeed.Put(plan, "/etc/group", Accounts.Value.Groups, VmSeed.Readable);
        VmSeed.Put(
            plan, "/etc/shadow", Text(shadow.TrimEnd('\n').Split('\n'), $"{User}:!:19700::::::"), VmSeed.Private);
        VmSeed.Put(
            plan, Library + "/systemd/system/istio.service", VmStandIns.Text(plan, "istio.service"), VmSeed.Readable);
        VmSeed.Put(
            plan, "/usr/local/bin/istio-start.sh", VmStandIns.Text(plan, "istio-start.sh"), VmSeed.Executable);
        VmSeed.Put(plan, "/usr/local/bin/pilot-agent", VmStandIns.Text(plan, "pilot-agent.sh"), VmSeed.Executable);
        VmSeed.Put(
            plan, "/var/lib/istio/envoy/sidecar.env", "# Settings of this VM that win over none of cluster.env's.\n",
            VmSeed.Readable);
        if (Directory.Exists("/var/lib/dpkg/info"))
        {
            VmSeed.Put(
                plan, "/var/lib/dpkg/info/istio-sidecar.list",
                $"/.\n{Library}/systemd/system/istio.service\n"
                    + "/usr/local/bin/istio-start.sh\n/usr/local/bin/pilot-agent\n",
                VmSeed.Readable);
        }

        foreach (string folder in Folders)
        {
            Directory.CreateDirectory(plan.SeedFolder + folder);
        }
    }

    private static string Text(IEnumerable<string> lines, string last) =>
        string.Join('\n', lines.Where(line => line.Length > 0 && !line.StartsWith(User + ":", StringComparison.Ordinal))
            .Append(last)) + "\n";
}
