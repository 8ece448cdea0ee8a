namespace HybridMesh.Core;

/// <summary>Where the sidecar's files lie on a VM: the places Istio's packages read, and our own beside them.</summary>
public static class SidecarPlaces
{
    /// <summary>The user and group the proxy runs as.</summary>
    public const string User = "istio-proxy";

    /// <summary>The service of Istio's packages.</summary>
    public const string Service = "istio";

    /// <summary>The container's name with the method Container.</summary>
    public const string Container = "istio-proxy";

    /// <summary>The environment of the agent.</summary>
    public const string ClusterEnv = "/var/lib/istio/envoy/cluster.env";

    /// <summary>The mesh configuration.</summary>
    public const string MeshConfig = "/etc/istio/config/mesh";

    /// <summary>The root certificate.</summary>
    public const string RootCert = "/etc/certs/root-cert.pem";

    /// <summary>The workload's own certificates, where the agent is told to write them.</summary>
    public const string CertChain = "/etc/certs/cert-chain.pem";

    /// <summary>The workload's private key, when it is delivered.</summary>
    public const string Key = "/etc/certs/key.pem";

    /// <summary>The token. /var/run is emptied at every boot.</summary>
    public const string Token = "/var/run/secrets/tokens/istio-token";

    /// <summary>Our own folder, root's alone: what was installed, and the token for the next boot.</summary>
    public const string OwnFolder = "/var/lib/istio/hybridmesh";

    /// <summary>What Install-VmSidecar made and changed, line by line; see SidecarRecordScript.</summary>
    public const string Record = OwnFolder + "/installed";

    /// <summary>The copy of the token that outlives a boot.</summary>
    public const string KeptToken = OwnFolder + "/istio-token";

    /// <summary>Puts the kept token back before the service starts.</summary>
    public const string DropIn = "/etc/systemd/system/istio.service.d/hybridmesh.conf";

    /// <summary>What ASM's VM proxy image reads, with the method Container.</summary>
    public const string ContainerFolder = "/opt/asm_vm_proxy/meta";

    /// <summary>The name of Istio's package.</summary>
    public const string Package = "istio-sidecar";

    /// <summary>ASM's VM proxy, the default image with the method Container.</summary>
    public const string DefaultImage = "registry.cn-hangzhou.aliyuncs.com/acs/asm-vm-proxy:1.8.3-aliyun";

    /// <summary>The port of the agent's health check.</summary>
    public const int StatusPort = 15021;
}
