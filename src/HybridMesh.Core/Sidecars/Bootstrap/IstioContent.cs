using System.Text;

namespace HybridMesh.Core;

/// <summary>Makes all of a sidecar's files but the token.</summary>
internal interface IBootstrapContent
{
    /// <summary>The files for a VM, or for none in particular.</summary>
    VmSidecarConfig Make(WorkloadTemplate workload, MeshVm? vm);
}

/// <summary>The files as istioctl makes them.</summary>
internal sealed class IstioContent(SidecarConfigRequest request, BootstrapShare share, IYamlFormat yaml)
    : IBootstrapContent
{
    public VmSidecarConfig Make(WorkloadTemplate workload, MeshVm? vm)
    {
        BootstrapOptions options = BootstrapOptions.Of(request, share.ClusterId, vm);
        (SidecarFile env, SidecarFile mesh) = BootstrapFiles.Make(share.Mesh, workload, options, yaml);
        return new VmSidecarConfig
        {
            Vm = vm,
            Namespace = workload.Namespace,
            WorkloadName = workload.Name,
            ServiceAccount = workload.ServiceAccount,
            Provider = MeshProvider.Istio,
            ClusterId = share.ClusterId,
            Network = workload.Network,
            Revision = options.Revision,
            IngressIP = share.IngressIP.Length == 0 ? null : share.IngressIP,
            Labels = workload.Labels,
            Version = workload.Version,
            RootCertificateExpires = CertificateFacts.Read(Encoding.UTF8.GetString(share.RootCertificate))?.Expires,
            Files =
            [
                env, mesh, new SidecarFile(SidecarFileNames.RootCert, share.RootCertificate),
                BootstrapFiles.Hosts(share.IngressIP, options),
            ],
        };
    }
}
