namespace HybridMesh.Core;

/// <summary>The files as Alibaba Cloud Service Mesh gives them by GetVmMeta.</summary>
/// <param name="meta">What GetVmMeta gave.</param>
/// <param name="request">What is wanted.</param>
/// <param name="rootCertificate">The root certificate of the mesh; null for that of GetVmMeta.</param>
/// <param name="mesh">The mesh's configuration; null when there is none to be had.</param>
/// <param name="yaml">Reads and writes YAML.</param>
internal sealed class AsmContent(
    AsmVmMeta meta, SidecarConfigRequest request, byte[]? rootCertificate, MeshText? mesh, IYamlFormat yaml)
    : IBootstrapContent
{
    public static async Task<AsmContent> ReadAsync(
        SidecarConfigRequest request, LazySession session, BootstrapSources sources, IYamlFormat yaml,
        WorkloadTemplate template, IChangeGate gate, CancellationToken cancellationToken)
    {
        MeshSession mesh = await session.GetAsync(cancellationToken).ConfigureAwait(false);
        (IAsmApi asm, string meshId) = AsmVmApps.Require(mesh);
        gate.Verbose($"GetVmMeta of mesh {meshId} at {asm.Endpoint} for service account "
            + $"{template.Namespace}/{template.ServiceAccount}.");
        IReadOnlyDictionary<string, string> fields = new Dictionary<string, string>();
        await AsmVmApps.CallAsync(async () => fields = await asm.GetVmMetaAsync(
            meshId, template.Namespace, template.ServiceAccount, trustDomain: null, cancellationToken)
            .ConfigureAwait(false)).ConfigureAwait(false);
        AsmVmMeta meta = new(fields);
        meta.CheckBootstrap(meshId);
        // Today's GetVmMeta gives neither of the two; the mesh itself has them.
        byte[]? root = meta.RootCert is null || request.RootCertPath is not null
            ? await sources.RootCertificateAsync(template.Namespace, cancellationToken).ConfigureAwait(false) : null;
        MeshText? text = meta.MeshYaml is null || request.MeshConfigPath is not null
            ? await sources.FindMeshAsync(cancellationToken).ConfigureAwait(false) : null;
        return new AsmContent(meta, request, root, text, yaml);
    }

    public VmSidecarConfig Make(WorkloadTemplate workload, MeshVm? vm)
    {
        VmSidecarConfig config = VmSidecarConfig.FromAsmMeta(
            meta.Fields, workload.Namespace, workload.Name, workload.ServiceAccount, vm) with
        {
            Labels = workload.Labels,
            Version = workload.Version,
            Network = workload.Network,
            Revision = BootstrapOptions.RevisionOf(request.Revision),
        };
        List<SidecarFile> files = [.. config.Files];
        if (vm is not null)
        {
            string env = config.Find(SidecarFileNames.ClusterEnv)!.GetText();
            string own = EnvOverlay.Apply(env, vm, workload.Labels, request.InternalIP ?? request.ExternalIP);
            Put(files, new SidecarFile(SidecarFileNames.ClusterEnv, own));
        }

        if (rootCertificate is not null)
        {
            Put(files, new SidecarFile(SidecarFileNames.RootCert, rootCertificate));
        }

        if (mesh is not null)
        {
            BootstrapOptions options = BootstrapOptions.Of(request, request.ClusterId ?? config.ClusterId ?? "", vm);
            Put(files, BootstrapFiles.Make(mesh, workload, options, yaml).MeshConfig);
        }

        return config with
        {
            Files = [.. SidecarFileOrder.Sort(files)],
            RootCertificateExpires = CertificateFacts.Read(
                files.Find(file => file.Name == SidecarFileNames.RootCert)?.GetText())?.Expires,
        };
    }

    private static void Put(List<SidecarFile> files, SidecarFile file)
    {
        files.RemoveAll(other => other.Name == file.Name);
        files.Add(file);
    }
}
