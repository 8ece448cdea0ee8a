namespace HybridMesh.Lab;

/// <summary>What place.sh is told about the host and the place.</summary>
internal static class PlaceEnvironment
{
    private const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Folders that every place mounts anew; file systems below them are not carried over.</summary>
    private static readonly string[] MountedAnew = ["/proc", "/sys", "/dev", "/run", "/tmp", "/root", "/mnt", "/media"];

    private static readonly string[] DiskTypes = ["ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "overlay"];

    private static readonly Lazy<string> Partitions = new(() => string.Join('\n', FindPartitions()));

    /// <summary>The environment of a command run in a place.</summary>
    public static IReadOnlyDictionary<string, string> Shell { get; } = new Dictionary<string, string>
    {
        ["PATH"] = Path,
        ["HOME"] = "/root",
        ["LANG"] = "C.UTF-8",
    };

    public static Dictionary<string, string> For(PlacePlan plan)
    {
        Dictionary<string, string> environment = new(Shell)
        {
            ["HM_NAME"] = plan.Name,
            ["HM_ADDRESS"] = plan.Address.ToString(),
            ["HM_SCRATCH"] = plan.ScratchFolder,
            ["HM_SEED"] = plan.SeedFolder,
            ["HM_LOG"] = plan.LogFile,
            ["HM_HOME"] = "/root",
            ["HM_VM_HOME"] = "/root",
            ["HM_PLACE"] = LabProgram.Script("place.sh"),
            ["HM_BODY"] = LabProgram.Script(plan.Script),
            ["HM_BINDS"] = string.Join('\n', LabProgram.Folders),
            ["HM_PARTITIONS"] = Partitions.Value,
        };
        foreach ((string name, string value) in plan.Environment)
        {
            environment[name] = value;
        }

        return environment;
    }

    private static IEnumerable<string> FindPartitions()
    {
        foreach (string line in File.ReadLines("/proc/self/mountinfo"))
        {
            string[] fields = line.Split(' ');
            string target = fields[4];
            string type = fields[Array.IndexOf(fields, "-") + 1];
            if (target != "/" && DiskTypes.Contains(type) && Directory.Exists(target)
                && !target.Contains('\\') && !target.Contains(':')
                && !MountedAnew.Any(folder => (target + "/").StartsWith(folder + "/", StringComparison.Ordinal)))
            {
                yield return target;
            }
        }
    }
}
