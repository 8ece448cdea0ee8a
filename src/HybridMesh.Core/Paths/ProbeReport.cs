namespace HybridMesh.Core;

/// <summary>What a probe found, before the mesh is asked what it should have found.</summary>
internal sealed record ProbeReport
{
    /// <summary>What sent the request.</summary>
    public required string Client { get; init; }

    /// <summary>The addresses /etc/hosts gives the name, in the file's order.</summary>
    public IReadOnlyList<string> HostsAddresses { get; init; } = [];

    /// <summary>The addresses the resolver gives the name.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The stage the request itself failed at; null when an HTTP answer came.</summary>
    public PathStage? FailedStage { get; init; }

    /// <summary>The client's words about the failure.</summary>
    public string? Error { get; init; }

    /// <summary>The HTTP status.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The answer's status line and headers, when the script was asked for them; else what there is.</summary>
    public string Head { get; init; } = "";

    /// <summary>The answer's body.</summary>
    public string Body { get; init; } = "";

    /// <summary>How long the request took.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>The value of a header; null when the answer has none of that name.</summary>
    public string? HeaderOf(string name) => Head.Split('\n')
        .Select(line => line.Split(':', 2))
        .Where(pair => pair.Length == 2 && pair[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(pair => pair[1].Trim())
        .FirstOrDefault();
}
