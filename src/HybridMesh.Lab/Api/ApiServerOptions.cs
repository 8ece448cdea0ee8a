using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace HybridMesh.Lab;

/// <summary>The rights of a user: a very small RBAC.</summary>
public enum ApiAccess
{
    /// <summary>Known, may see the discovery and nothing else.</summary>
    None,

    /// <summary>May get, list and watch, but no secrets; the built-in role <c>view</c>.</summary>
    ReadOnly,

    /// <summary>May do everything; the built-in role <c>cluster-admin</c>.</summary>
    Full,
}

/// <summary>Who holds a bearer token.</summary>
public sealed record ApiUser(string Name, ApiAccess Access, params string[] Groups);

/// <summary>What an API server of the lab needs from its host.</summary>
public sealed record ApiServerOptions
{
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Bearer token to user.</summary>
    public required IReadOnlyDictionary<string, ApiUser> Tokens { get; init; }

    public ApiFaults Faults { get; init; } = new();

    /// <summary>Runs commands in pods; null where there are none.</summary>
    public IPodExecutor? Executor { get; init; }

    /// <summary>The i-th ClusterIP, from 0; null: Services get none.</summary>
    public Func<int, IPAddress>? ServiceAddress { get; init; }

    /// <summary>Signs what TokenRequests ask for.</summary>
    public TokenSigner Signer { get; init; } = new();

    /// <summary>What controllers put into a namespace that has just been made, beside its ServiceAccount.</summary>
    public Action<string>? Furnish { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What <c>/version</c> says.</summary>
    public string GitVersion { get; init; } = "v1.36.0";
}
