using System.Globalization;

namespace HybridMesh.Core;

/// <summary>What bootstrap files carry besides the workload.</summary>
internal sealed record BootstrapOptions
{
    /// <summary>The namespace of istiod.</summary>
    public const string IstioNamespace = "istio-system";

    private const int IstiodPort = 15012;

    public required string ClusterId { get; init; }

    public bool CaptureDns { get; init; } = true;

    public bool AutoRegister { get; init; }

    public string? InternalIP { get; init; }

    public string? ExternalIP { get; init; }

    /// <summary>istiod's revision; null for the default one.</summary>
    public string? Revision { get; init; }

    /// <summary>istiod's name, as the VM's hosts file has it.</summary>
    public string IstiodHost => $"istiod{Suffix}.{IstioNamespace}.svc";

    /// <summary>istiod's address with a revision; null for the default one, which the agent knows.</summary>
    public string? IstiodAddress => Revision is null
        ? null : string.Create(CultureInfo.InvariantCulture, $"{IstiodHost}:{IstiodPort}");

    /// <summary>What a revision adds to the names of ConfigMaps and of istiod.</summary>
    public string Suffix => SuffixOf(Revision);

    /// <summary>The options of a request for one VM, whose own address is the default.</summary>
    public static BootstrapOptions Of(SidecarConfigRequest request, string clusterId, MeshVm? vm) => new()
    {
        ClusterId = clusterId,
        CaptureDns = request.CaptureDns,
        AutoRegister = request.AutoRegister,
        InternalIP = request.InternalIP ?? (request.ExternalIP is null ? vm?.Address : null),
        ExternalIP = request.ExternalIP,
        Revision = RevisionOf(request.Revision),
    };

    public static string SuffixOf(string? revision) => revision is null ? "" : $"-{revision}";

    /// <summary>The revision, or null for what means the default one.</summary>
    public static string? RevisionOf(string? text) => text is null or "" or "default" ? null : text;
}
