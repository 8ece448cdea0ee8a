namespace HybridMesh.Core;

/// <summary>When and for whom a VM's token is renewed.</summary>
public sealed record TokenRenewalRequest
{
    /// <summary>The service account's namespace; null for what cluster.env on the VM says.</summary>
    public string? Namespace { get; init; }

    /// <summary>The service account; null for what cluster.env on the VM says.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>How long the new token is to last. The default is an hour.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Renew a token with no more time left than this; null for half of its own duration.</summary>
    public TimeSpan? IfExpiresWithin { get; init; }

    /// <summary>Renew it however long it lasts.</summary>
    public bool Force { get; init; }
}
