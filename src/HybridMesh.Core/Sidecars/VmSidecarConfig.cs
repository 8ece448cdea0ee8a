using System.Collections.ObjectModel;

namespace HybridMesh.Core;

/// <summary>What one VM's sidecar needs to join the mesh: the bootstrap files, and whom they are for.</summary>
public sealed record VmSidecarConfig
{
    /// <summary>The VM; null when the files were made for no VM in particular, as istioctl does.</summary>
    public MeshVm? Vm { get; init; }

    /// <summary>The VM's name.</summary>
    public string? VmName => Vm?.Name;

    /// <summary>The VM's address in the mesh.</summary>
    public string? Address => Vm?.Address;

    /// <summary>The host SSH connects to.</summary>
    public string? SshHost => Vm?.SshHost;

    /// <summary>The namespace of the workload.</summary>
    public required string Namespace { get; init; }

    /// <summary>The WorkloadGroup's name, or that of the app it was made of.</summary>
    public required string WorkloadName { get; init; }

    /// <summary>The service account whose token this is.</summary>
    public required string ServiceAccount { get; init; }

    /// <summary>Where the contents come from.</summary>
    public required MeshProvider Provider { get; init; }

    /// <summary>The cluster's id, as istiod knows it.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The Istio network of the VM.</summary>
    public string? Network { get; init; }

    /// <summary>istiod's revision; null for the default one.</summary>
    public string? Revision { get; init; }

    /// <summary>The address istiod is reached at; null when there is none.</summary>
    public string? IngressIP { get; init; }

    /// <summary>The workload's labels, as the mesh will see them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The version label, as cluster.env carries it; null when there is none.</summary>
    public string? Version { get; init; }

    /// <summary>When the token ends; null when it is not a JWT or there is none.</summary>
    public DateTimeOffset? TokenExpires { get; init; }

    /// <summary>When the root certificate ends; null when it can't be read.</summary>
    public DateTimeOffset? RootCertificateExpires { get; init; }

    /// <summary>The files.</summary>
    public required IReadOnlyList<SidecarFile> Files { get; init; }

    /// <summary>GetVmMeta's own fields, with <c>-Provider Asm</c>; unknown ones are kept. Empty with Istio.</summary>
    internal IReadOnlyDictionary<string, string> AsmMeta { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The folder the files were written to; null when they were not.</summary>
    public string? OutputPath { get; init; }

    /// <summary>What was done to the files in that folder; null when none were written.</summary>
    public ChangeAction? Action { get; init; }

    /// <summary>A file by name; null when there is none.</summary>
    public SidecarFile? Find(string name) => Files.FirstOrDefault(file => file.Name == name);

    /// <summary>
    /// The config in the shape of ASM's GetVmMeta: <c>EnvoyEnvContent</c>, <c>TokenContent</c> and so on, each with its
    /// path, and every field that GetVmMeta gave. mesh.yaml, for which ASM has no field, is <c>MeshConfigContent</c>.
    /// A method, so that no table or ConvertTo-Json shows the secrets in it.
    /// </summary>
    public IReadOnlyDictionary<string, string> ToAsmMeta() => AsmVmMeta.Of(Files, AsmMeta);

    /// <summary>The config that fields of GetVmMeta, or of <see cref="ToAsmMeta"/>, are.</summary>
    public static VmSidecarConfig FromAsmMeta(
        IReadOnlyDictionary<string, string> meta, string ns, string workloadName, string serviceAccount, MeshVm? vm)
    {
        ArgumentNullException.ThrowIfNull(meta);
        SidecarFile[] files = [.. SidecarFileOrder.Sort(new AsmVmMeta(meta).Files)];
        string? TextOf(string name) => Array.Find(files, file => file.Name == name)?.GetText();
        SidecarEnv env = SidecarEnv.Parse(TextOf(SidecarFileNames.ClusterEnv) ?? "");
        return new()
        {
            Vm = vm,
            Namespace = ns,
            WorkloadName = workloadName,
            ServiceAccount = serviceAccount,
            Provider = MeshProvider.Asm,
            ClusterId = env["ISTIO_META_CLUSTER_ID"],
            IngressIP = TextOf(SidecarFileNames.Hosts)?.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
                .FirstOrDefault(word => MeshAddress.Normalize(word) is not null),
            TokenExpires = TokenFacts.Read(TextOf(SidecarFileNames.Token))?.Expires,
            RootCertificateExpires = CertificateFacts.Read(TextOf(SidecarFileNames.RootCert))?.Expires,
            Files = files,
            AsmMeta = new Dictionary<string, string>(meta, StringComparer.Ordinal),
        };
    }

    /// <summary>The VM the files are for.</summary>
    /// <exception cref="MeshException">ArgumentInvalid, when they are for none in particular.</exception>
    public MeshVm NeedVm() => Vm ?? throw new MeshException(
        MeshErrorCode.ArgumentInvalid,
        $"The sidecar's files of '{WorkloadName}' were made for no VM in particular. Pipe VMs into "
        + "New-VmSidecarConfig, or write the files with -OutputPath and pipe the VMs into Install-VmSidecar -Path.",
        this);
}
