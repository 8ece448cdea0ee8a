namespace HybridMesh.Core;

/// <summary>A path that was tried: where from and to, how far it went, and who answered.</summary>
public sealed record MeshPath
{
    /// <summary>Where the request came from: a VM's or pod's name, or <c>local</c>.</summary>
    public required string From { get; init; }

    /// <summary>The URL asked for.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Whether every stage was passed.</summary>
    public required bool Success { get; init; }

    /// <summary>The first stage that was not passed; null when all were.</summary>
    public PathStage? FailedStage { get; init; }

    /// <summary>
    /// The first hop that is not as expected, from 1 on; one more than there are hops when the next is missing. Null
    /// when another stage failed, or none.
    /// </summary>
    public int? FailedHop { get; init; }

    /// <summary>The versions expected, hop by hop, as they were asked for; empty when any were welcome.</summary>
    public IReadOnlyList<string> ExpectedChain { get; init; } = [];

    /// <summary>The HTTP status; null when no HTTP answer came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The hops the answer tells of, from the nearest to the last.</summary>
    public IReadOnlyList<MeshHop> Hops { get; init; } = [];

    /// <summary>How long the request took where it was sent; null when that could not be measured.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>What failed and what to do about it; null on success.</summary>
    public string? Detail { get; init; }

    /// <summary>The addresses the name resolved to there.</summary>
    public IReadOnlyList<string> ResolvedAddress { get; init; } = [];

    /// <summary>What sent the request: curl, wget, bash, or dotnet from here.</summary>
    public string? Client { get; init; }

    /// <summary>The answer's text.</summary>
    public string? Answer { get; init; }
}
