using System.Text;

namespace HybridMesh.Core;

/// <summary>
/// One bootstrap file of a VM's sidecar. The content is had by a method, so that a table or ConvertTo-Json never shows
/// a token or a key.
/// </summary>
public sealed class SidecarFile
{
    private readonly byte[] _content;

    /// <summary>Makes a file of its bytes.</summary>
    public SidecarFile(string name, ReadOnlySpan<byte> content)
    {
        Name = name;
        _content = content.ToArray();
    }

    /// <summary>Makes a file of a text, written in UTF-8 without a byte order mark.</summary>
    public SidecarFile(string name, string text)
        : this(name, Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>The name istioctl and ASM's VM proxy know it by, such as <c>cluster.env</c>.</summary>
    public string Name { get; }

    /// <summary>The size in bytes.</summary>
    public int Length => _content.Length;

    /// <summary>Whether it lets its reader act as the VM.</summary>
    public bool IsSecret => Name is SidecarFileNames.Token or SidecarFileNames.Key;

    /// <summary>The bytes.</summary>
    public byte[] GetBytes() => [.. _content];

    /// <summary>The content as text.</summary>
    public string GetText() => Encoding.UTF8.GetString(_content);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>The names of a sidecar's bootstrap files, as istioctl writes them and ASM's VM proxy reads them.</summary>
public static class SidecarFileNames
{
    /// <summary>The environment of the agent.</summary>
    public const string ClusterEnv = "cluster.env";

    /// <summary>The proxy's part of the mesh configuration.</summary>
    public const string MeshConfig = "mesh.yaml";

    /// <summary>The certificate that istiod is trusted by.</summary>
    public const string RootCert = "root-cert.pem";

    /// <summary>The token the VM asks istiod for its certificate with.</summary>
    public const string Token = "istio-token";

    /// <summary>The host records that let the VM find istiod.</summary>
    public const string Hosts = "hosts";

    /// <summary>ASM only: the VM's private key.</summary>
    public const string Key = "key.pem";

    /// <summary>ASM only: the VM's certificate chain.</summary>
    public const string CertChain = "cert-chain.pem";
}
