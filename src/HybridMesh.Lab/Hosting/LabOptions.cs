namespace HybridMesh.Lab;

/// <summary>What a lab is started with.</summary>
internal sealed record LabOptions
{
    /// <summary>As many addresses as a block has for VMs.</summary>
    public const int MostVms = 84;

    public required string Path { get; init; }

    public int VmCount { get; init; } = 3;

    /// <summary>Names of VMs that come without Istio's package.</summary>
    public IReadOnlyList<string> BareVms { get; init; } = [];

    /// <summary>Makes the gateway's random draws repeatable.</summary>
    public int? Seed { get; init; }

    /// <summary>Goes on when the process that started it ends.</summary>
    public bool Detached { get; init; }

    /// <summary>The process whose end ends the lab; null for a person at a terminal.</summary>
    public int? ParentId { get; init; }

    /// <summary>
    /// The folder of one user's lab; never below a shared temporary folder, where others could prepare it.
    /// </summary>
    public static string DefaultPath
    {
        get
        {
            string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            string root = System.IO.Path.IsPathRooted(state)
                ? state
                : System.IO.Path.Combine(
                    Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            return System.IO.Path.Combine(root, "hybridmesh", "lab");
        }
    }

    public static LabOptions Parse(CommandLine line)
    {
        line.Allow("path", "vms", "bare-vm", "seed", "detached", "parent-pid");
        int vms = line.Number("vms") ?? 3;
        if (vms is < 0 or > MostVms)
        {
            throw new LabException($"--vms takes a number from 0 to {MostVms}.", exitCode: 2);
        }

        return new LabOptions
        {
            Path = PathOf(line),
            VmCount = vms,
            BareVms = line.Text("bare-vm")?.Split(',') ?? [],
            Seed = line.Number("seed"),
            Detached = line.Has("detached"),
            ParentId = line.Number("parent-pid"),
        };
    }

    public static string PathOf(CommandLine line) =>
        System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(line.Text("path") ?? DefaultPath));
}
