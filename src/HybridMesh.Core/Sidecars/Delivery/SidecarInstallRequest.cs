namespace HybridMesh.Core;

/// <summary>What is to be installed on one VM.</summary>
public sealed record SidecarInstallRequest
{
    /// <summary>The bootstrap files.</summary>
    public required VmSidecarConfig Config { get; init; }

    /// <summary>How the sidecar runs. The default is as the service of Istio's package.</summary>
    public SidecarMethod Method { get; init; } = SidecarMethod.Package;

    /// <summary>The package to install; null when it is there already, or with the method Container.</summary>
    public SidecarPackage? Package { get; init; }

    /// <summary>The image, with the method Container.</summary>
    public string Image { get; init; } = SidecarPlaces.DefaultImage;

    /// <summary>How long the sidecar may take until it is ready. The default is 60 s.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(60);
}
