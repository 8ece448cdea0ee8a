using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>The files' bytes, without any connection, in the cases istioctl's own tests have.</summary>
public sealed class SidecarFileContentTests : IDisposable
{
    private readonly CmdletHost _host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);
    private readonly BootstrapFolder _folder = new();

    public SidecarFileContentTests() => _host.With("dir", _folder.ToString());

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Make_NoConnectionAndNoGateway_NamesIngressIPAndConnectMesh()
    {
        MeshRuntime.For(_host.Runspace).Kubernetes = new FakeKubernetesApiFactory();
        _folder.With(Group, Mesh);

        ScriptRun run = _host.Run($"New-VmSidecarConfig $dir/workloadgroup.yaml {BootstrapFolder.Offline} -InternalIP 10.20.30.40");

        Assert.Equal(["NotConnected"], run.ErrorIds);
        string text = run.Errors[0].Exception.Message;
        Assert.Contains("istio-eastwestgateway", text, StringComparison.Ordinal);
        Assert.Contains("-IngressIP", text, StringComparison.Ordinal);
        Assert.Contains("Connect-Mesh", text, StringComparison.Ordinal);
    }

    private const string Mesh = """
        defaultConfig:
          proxyMetadata:
            # the command's own value wins
            ISTIO_META_DNS_CAPTURE: "false"
            FROM_BOTH: mesh
            FROM_MESH: "mesh"
        """;

    private const string Group = """
        kind: WorkloadGroup
        metadata:
          name: shop
          namespace: trade
        spec:
          metadata:
            annotations:
              proxy.istio.io/config: |-
                proxyMetadata:
                  FROM_BOTH: group
                  EMPTY: ""
            labels: {}
          template:
            ports: {}
            serviceAccount: vm-account
          probe:
            httpGet:
              port: 8080
        """;

    [Theory]
    [InlineData("10.20.30.40", "10.20.30.41")]
    [InlineData("fd00:20::1", "fd00:20::2")]
    public void Make_RevisionAndAddress_GivesIstioctlsBytes(string address, string ingress)
    {
        _folder.With(Group, Mesh);

        ScriptRun run = _host.Run($"New-VmSidecarConfig $dir/workloadgroup.yaml {BootstrapFolder.Offline} -OutputPath $dir/out "
            + $"-InternalIP {address} -IngressIP {ingress} -Revision rev-1");

        Assert.Empty(run.Errors);
        Assert.Equal($$"""
            CANONICAL_REVISION='latest'
            CANONICAL_SERVICE='shop'
            CA_ADDR='istiod-rev-1.istio-system.svc:15012'
            EMPTY=''
            FROM_BOTH='group'
            FROM_MESH='mesh'
            ISTIO_INBOUND_PORTS='*'
            ISTIO_LOCAL_EXCLUDE_PORTS='22,15090,15021,15020'
            ISTIO_METAJSON_LABELS='{"service.istio.io/canonical-name":"shop","service.istio.io/canonical-revision":"latest"}'
            ISTIO_META_CLUSTER_ID='Kubernetes'
            ISTIO_META_DNS_CAPTURE='true'
            ISTIO_META_MESH_ID=''
            ISTIO_META_NETWORK=''
            ISTIO_META_WORKLOAD_NAME='shop'
            ISTIO_NAMESPACE='trade'
            ISTIO_SERVICE='shop.trade'
            ISTIO_SERVICE_CIDR='*'
            ISTIO_SVC_IP='{{address}}'
            POD_NAMESPACE='trade'
            SERVICE_ACCOUNT='vm-account'
            TRUST_DOMAIN=''

            """, _folder.Read("cluster.env"));
        Assert.Equal("""
            defaultConfig:
              discoveryAddress: istiod-rev-1.istio-system.svc:15012
              proxyMetadata:
                CANONICAL_REVISION: latest
                CANONICAL_SERVICE: shop
                EMPTY: ""
                FROM_BOTH: group
                FROM_MESH: mesh
                ISTIO_META_CLUSTER_ID: Kubernetes
                ISTIO_META_DNS_CAPTURE: "true"
                ISTIO_META_MESH_ID: ""
                ISTIO_META_NETWORK: ""
                ISTIO_META_WORKLOAD_NAME: shop
                ISTIO_METAJSON_LABELS: '{"service.istio.io/canonical-name":"shop","service.istio.io/canonical-revision":"latest"}'
                POD_NAMESPACE: trade
                SERVICE_ACCOUNT: vm-account
                TRUST_DOMAIN: ""
              readinessProbe:
                httpGet:
                  port: 8080

            """, _folder.Read("mesh.yaml"));
        Assert.Equal($"{ingress} istiod-rev-1.istio-system.svc\n", _folder.Read("hosts"));
        Assert.Equal("fake-CA-cert", _folder.Read("root-cert.pem"));
        Assert.Equal("", _folder.Read("istio-token"));
        Assert.Contains(run.Warnings, text => text.Contains("holds no JWT", StringComparison.Ordinal));
    }

    [Fact]
    public void Make_NoMetadataAndNoGateway_GivesIstioctlsBytes()
    {
        _folder.With("""
            kind: WorkloadGroup
            metadata: { name: shop, namespace: trade }
            spec:
              metadata: { annotations: {}, labels: {} }
              template: { ports: {}, serviceAccount: vm-account }
              probe: { httpGet: { port: 8080 } }
            """, "defaultConfig: {}");

        Assert.Empty(_host.Run($"New-VmSidecarConfig $dir/workloadgroup.yaml {BootstrapFolder.Offline} -OutputPath $dir/out "
            + "-InternalIP 10.20.30.40 -IngressIP ''").Errors);

        Assert.Equal("", _folder.Read("hosts"));
        Assert.StartsWith("CANONICAL_REVISION='latest'\nCANONICAL_SERVICE='shop'\nISTIO_INBOUND_PORTS='*'\n", _folder.Read("cluster.env"));
        Assert.StartsWith("defaultConfig:\n  proxyMetadata:\n    CANONICAL_REVISION: latest\n", _folder.Read("mesh.yaml"));
        Assert.DoesNotContain("CA_ADDR", _folder.Read("cluster.env"));
    }

    [Fact]
    public void Make_ConfigMapManifest_IsTakenForItsMesh()
    {
        _folder.With(Group, $"apiVersion: v1\nkind: ConfigMap\ndata:\n  mesh: |\n    {Mesh.Replace("\n", "\n    ", StringComparison.Ordinal)}\n");

        Assert.Empty(_host.Run($"New-VmSidecarConfig $dir/workloadgroup.yaml {BootstrapFolder.Offline} -OutputPath $dir/out "
            + "-IngressIP 10.20.30.41").Errors);

        Assert.Contains("FROM_MESH='mesh'\n", _folder.Read("cluster.env"));
        Assert.DoesNotContain("ISTIO_SVC_IP", _folder.Read("cluster.env"));
    }
}
