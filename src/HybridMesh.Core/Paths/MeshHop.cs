using System.Globalization;

namespace HybridMesh.Core;

/// <summary>One app that took part in an answer, as the answer itself tells.</summary>
public sealed record MeshHop
{
    /// <summary>The greeting, such as <c>Bonjour</c>, without the caller's word.</summary>
    public required string Greeting { get; init; }

    /// <summary>The caller's word, such as <c>eric</c>; null when the answer repeats none.</summary>
    public string? Message { get; init; }

    /// <summary>The IP address the hop gave; null when it gave none, as all but the last of <c>/bye</c>.</summary>
    public string? Address { get; init; }

    /// <summary>The name the hop gave itself, else its pod's or WorkloadEntry's; null when neither is known.</summary>
    public string? Name { get; init; }

    /// <summary>Where it runs, by the mesh's own records.</summary>
    public HopKind Kind { get; init; }

    /// <summary>The <c>version</c> label of its pod or WorkloadEntry; null when it has none or is not known.</summary>
    public string? Version { get; init; }

    /// <summary>The time the hop says it took; null when it says none.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>The hop in short, such as <c>Vm 192.168.0.171 v2 'Bonjour'</c>.</summary>
    public override string ToString()
    {
        string where = Kind == HopKind.Unknown ? "" : Kind.ToString() + " ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{where}{Address ?? "?"}{(Version is null ? "" : $" {Version}")} '{Greeting}'");
    }
}
