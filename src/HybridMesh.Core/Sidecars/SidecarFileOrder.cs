using System.Collections.Immutable;

namespace HybridMesh.Core;

/// <summary>Every bootstrap file there can be, in the order files are shown in.</summary>
internal static class SidecarFileOrder
{
    public static ImmutableArray<string> Names { get; } =
    [
        SidecarFileNames.ClusterEnv, SidecarFileNames.MeshConfig, SidecarFileNames.RootCert, SidecarFileNames.Token,
        SidecarFileNames.Hosts, SidecarFileNames.Key, SidecarFileNames.CertChain,
    ];

    public static IEnumerable<SidecarFile> Sort(IEnumerable<SidecarFile> files) =>
        files.OrderBy(file => Names.IndexOf(file.Name));
}
