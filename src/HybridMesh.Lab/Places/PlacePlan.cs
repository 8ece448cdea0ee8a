using System.Net;

namespace HybridMesh.Lab;

/// <summary>What a place (a VM or a pod) is made of.</summary>
internal sealed record PlacePlan
{
    public required string Name { get; init; }

    public required IPAddress Address { get; init; }

    /// <summary>The folder of the place's own files on the host: seed, scratch, log.</summary>
    public required string Folder { get; init; }

    /// <summary>The script that goes on in the new file tree: vm.sh or pod.sh.</summary>
    public required string Script { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string SeedFolder => Path.Combine(Folder, "seed");

    public string ScratchFolder => Path.Combine(Folder, "scratch");

    /// <summary>Where the place writes what goes wrong, and a pod's app its log.</summary>
    public string LogFile { get => field ?? Path.Combine(Folder, "log"); init; }
}
