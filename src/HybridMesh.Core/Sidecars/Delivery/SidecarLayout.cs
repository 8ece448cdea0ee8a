using System.Globalization;
using System.Security.Cryptography;

namespace HybridMesh.Core;

/// <summary>A folder the sidecar needs.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Mode">The mode of one that is made.</param>
/// <param name="Owner">Its owner and group.</param>
/// <param name="Claim">Whether one that is there already is given to that owner, as the agent writes into it.</param>
internal sealed record SidecarDirectory(string Path, string Mode, string Owner, bool Claim);

/// <summary>A file as it is to lie on the VM.</summary>
/// <param name="Name">The bootstrap file's name, for messages.</param>
/// <param name="Content">The bytes.</param>
/// <param name="Place">Where.</param>
/// <param name="Mode">The mode, in octal.</param>
/// <param name="Owner">The owner and group.</param>
/// <param name="StagedAs">Its name in the folder it is uploaded to.</param>
internal sealed record SidecarTarget(
    string Name, byte[] Content, string Place, string Mode, string Owner, string StagedAs)
{
    /// <summary>The content's SHA-256.</summary>
    public string Digest { get; } = Convert.ToHexString(SHA256.HashData(Content)).ToLowerInvariant();
}

/// <summary>Where the files of a config lie on a VM, whose they are, and what stands beside them.</summary>
internal sealed class SidecarLayout
{
    private const string Root = "root:root";
    private const string Proxy = SidecarPlaces.User + ":" + SidecarPlaces.User;
    private const string Public = "644";
    private const string Private = "600";

    /// <summary>
    /// Istio's own unit makes /var/run/secrets and nothing in it. A token that somebody put there meanwhile is newer
    /// than ours.
    /// </summary>
    public const string DropIn = $"""
        [Service]
        ExecStartPre=+/bin/sh -c 'test -s {SidecarPlaces.Token} || (mkdir -p /var/run/secrets/tokens && cp {SidecarPlaces.KeptToken} {SidecarPlaces.Token} && chown {Proxy} /var/run/secrets/tokens {SidecarPlaces.Token} && chmod {Private} {SidecarPlaces.Token})'

        """;

    private static readonly Dictionary<string, (string Place, string Mode)> PackagePlaces = new()
    {
        [SidecarFileNames.RootCert] = (SidecarPlaces.RootCert, Public),
        [SidecarFileNames.CertChain] = (SidecarPlaces.CertChain, Public),
        [SidecarFileNames.Key] = (SidecarPlaces.Key, Private),
        [SidecarFileNames.MeshConfig] = (SidecarPlaces.MeshConfig, Public),
        [SidecarFileNames.Token] = (SidecarPlaces.Token, Private),
        [SidecarFileNames.ClusterEnv] = (SidecarPlaces.ClusterEnv, Public),
    };

    private SidecarLayout(IReadOnlyList<SidecarDirectory> folders, IReadOnlyList<SidecarTarget> targets)
    {
        Folders = folders;
        Targets = targets;
    }

    /// <summary>The folders, parents first.</summary>
    public IReadOnlyList<SidecarDirectory> Folders { get; }

    /// <summary>The files.</summary>
    public IReadOnlyList<SidecarTarget> Targets { get; }

    /// <summary>Files that are not delivered and that the agent may write where it was told to.</summary>
    public IEnumerable<string> Expected => ((string[])[SidecarPlaces.CertChain, SidecarPlaces.Key])
        .Where(place => Folders.Count > 1 && !Targets.Any(target => target.Place == place));

    /// <summary>Where the token lies, and where its copies do.</summary>
    public static IReadOnlyList<string> TokenPlaces(SidecarMethod method) => method == SidecarMethod.Package
        ? [SidecarPlaces.Token, SidecarPlaces.KeptToken]
        : [$"{SidecarPlaces.ContainerFolder}/{SidecarFileNames.Token}"];

    /// <summary>The layout for a method.</summary>
    public static SidecarLayout Of(VmSidecarConfig config, SidecarMethod method) =>
        method == SidecarMethod.Package ? OfPackage(config) : OfContainer(config);

    private static SidecarLayout OfPackage(VmSidecarConfig config)
    {
        List<SidecarTarget> targets = [];
        foreach (SidecarFile file in config.Files.Where(file => PackagePlaces.ContainsKey(file.Name)))
        {
            (string place, string mode) = PackagePlaces[file.Name];
            Add(targets, file.Name, file.GetBytes(), place, mode, Proxy);
        }

        Add(targets, "the kept token", config.Find(SidecarFileNames.Token)!.GetBytes(), SidecarPlaces.KeptToken,
            Private, Root);
        Add(targets, "the systemd drop-in", new SidecarFile("", DropIn.ReplaceLineEndings("\n")).GetBytes(),
            SidecarPlaces.DropIn, Public, Root);
        return new(
            [
                new("/etc/certs", "755", Proxy, Claim: true),
                new("/etc/istio", "755", Root, Claim: false),
                new("/etc/istio/config", "755", Proxy, Claim: true),
                new("/etc/istio/proxy", "755", Proxy, Claim: true),
                new("/var/lib/istio/envoy", "755", Proxy, Claim: true),
                new("/var/run/secrets", "755", Root, Claim: false),
                new("/var/run/secrets/tokens", "755", Proxy, Claim: true),
                new("/etc/systemd/system/istio.service.d", "755", Root, Claim: false),
            ],
            targets);
    }

    private static SidecarLayout OfContainer(VmSidecarConfig config)
    {
        List<SidecarTarget> targets = [];
        foreach (SidecarFile file in config.Files)
        {
            Add(targets, file.Name, file.GetBytes(), $"{SidecarPlaces.ContainerFolder}/{file.Name}",
                file.IsSecret ? Private : Public, Root);
        }

        return new([new(SidecarPlaces.ContainerFolder, "755", Root, Claim: false)], targets);
    }

    private static void Add(
        List<SidecarTarget> targets, string name, byte[] content, string place, string mode, string owner) =>
        targets.Add(new(
            name, content, place, mode, owner, string.Create(CultureInfo.InvariantCulture, $"file{targets.Count}")));
}
