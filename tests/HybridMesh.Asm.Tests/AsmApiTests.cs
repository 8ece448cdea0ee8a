using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Lab;

namespace HybridMesh.Asm.Tests;

/// <summary>The client against the lab's ASM endpoint, over real sockets.</summary>
public sealed class AsmApiTests : IAsyncLifetime
{
    private const string MeshId = "c08ba3fd1e6484b0f8cc1ad8fe10d0001";
    private const string Namespace = "http-reciprocal-hello";

    private static readonly AsmCredential Lab = new("LTAI5tExampleAccessKey01", "ExampleSecret0123456789abcdef", null);

    private readonly ObjectStore _data = new("data", TimeProvider.System);
    private readonly ObjectStore _control = new("control", TimeProvider.System);
    private readonly PromptClock _clock = new();
    private readonly AsmEndpoint _endpoint;

    public AsmApiTests()
    {
        _endpoint = new AsmEndpoint(_data, _control, new AsmEndpointOptions
        {
            MeshId = MeshId,
            AccessKeyId = Lab.AccessKeyId,
            AccessKeySecret = Lab.AccessKeySecret,
            SecurityToken = "CAISExample/Security+Token==",
            Kubeconfig = () => "kind: Config\n",
        });
        foreach (ObjectStore store in (ObjectStore[])[_data, _control])
        {
            store.Update("Namespace", null, Namespace, _ => new JsonObject { ["metadata"] = new JsonObject { ["name"] = Namespace } });
        }
    }

    private static AsmVmAppRequest Request => new()
    {
        MeshId = MeshId,
        Namespace = Namespace,
        ServiceName = "hello2-svc",
        Addresses = ["192.168.0.170", "192.168.0.171"],
        Ports = [MeshPort.Parse("http:8001")],
        Labels = new Dictionary<string, string> { ["app"] = "hello-workload" },
    };

    public Task InitializeAsync() => _endpoint.StartAsync(default);

    public async Task DisposeAsync() => await _endpoint.DisposeAsync();

    [Fact]
    public async Task AddVmAppToMesh_AwkwardText_ArrivesAsGiven()
    {
        await using IAsmApi api = await OpenAsync();

        await api.AddVmAppToMeshAsync(
            Request with
            {
                ServiceAccount = "http-sa",
                Annotations = new Dictionary<string, string> { ["desc"] = "it's (ok)!/?#[]@$&;:\"% ~*+ 陆" },
            },
            default);

        JsonObject service = _data.Find("Service", Namespace, "hello2-svc")!;
        Assert.Equal("it's (ok)!/?#[]@$&;:\"% ~*+ 陆", service["metadata"]!["annotations"]!["desc"]!.GetValue<string>());
        Assert.Equal("192.168.0.171", _control.Find(
            "WorkloadEntry", Namespace, "mesh-expansion-hello2-svc-2")!["spec"]!["address"]!.GetValue<string>());
    }

    [Fact]
    public async Task GetVmMeta_AccountOfANamespace_GivesEveryField()
    {
        _data.Update("ServiceAccount", Namespace, "http-sa", _ => new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "http-sa", ["namespace"] = Namespace },
        });
        await using IAsmApi api = await OpenAsync();

        IReadOnlyDictionary<string, string> meta =
            await api.GetVmMetaAsync(MeshId, Namespace, "http-sa", "cluster.local", default);

        Assert.Contains(Namespace, meta["EnvoyEnvContent"]);
        Assert.Contains("http-sa", TokenFacts.Read(meta["TokenContent"])!.Subject);
        Assert.NotNull(CertificateFacts.Read(meta["RootCertContent"]));
        Assert.Equal(12, meta.Count);
    }

    [Fact]
    public async Task GetVmMeta_UnknownAccount_IsAnError()
    {
        await using IAsmApi api = await OpenAsync();

        await Assert.ThrowsAsync<MeshException>(() => api.GetVmMetaAsync(MeshId, Namespace, "nobody", null, default));
    }

    [Fact]
    public async Task AddVmAppToMesh_Existing_FailsUnlessForced()
    {
        await using IAsmApi api = await OpenAsync();
        await api.AddVmAppToMeshAsync(Request, default);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => api.AddVmAppToMeshAsync(Request, default));
        await api.AddVmAppToMeshAsync(Request with { Force = true }, default);

        Assert.Equal(MeshErrorCode.AsmApiError, error.Code);
        Assert.Contains("already exists", error.Message, StringComparison.Ordinal);
        Assert.Equal("hello2-svc", error.ErrorTarget);
    }

    [Fact]
    public async Task RemoveVmAppFromMesh_UndoesAdd()
    {
        await using IAsmApi api = await OpenAsync();
        await api.AddVmAppToMeshAsync(Request, default);

        await api.RemoveVmAppFromMeshAsync(MeshId, Namespace, "hello2-svc", default);

        Assert.Empty(_control.List("WorkloadEntry"));
        Assert.Empty(_data.List("Service"));
    }

    [Fact]
    public async Task GetKubeconfigAndMesh_SecurityToken_AreAnswered()
    {
        await using IAsmApi api = await OpenAsync(Lab with { SecurityToken = "CAISExample/Security+Token==" });

        Assert.Equal("kind: Config\n", await api.GetKubeconfigAsync(MeshId, false, default));
        JsonObject mesh = await api.GetMeshAsync(MeshId, default);
        Assert.Equal(MeshId, mesh["ServiceMeshInfo"]!["ServiceMeshId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Withdrawn_TellsToUseTheOtherProvider()
    {
        _endpoint.Faults.Withdrawn = true;
        await using IAsmApi api = await OpenAsync();

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => api.AddVmAppToMeshAsync(Request, default));

        Assert.Equal(MeshErrorCode.AsmOperationWithdrawn, error.Code);
        Assert.Contains("-Provider Istio", error.Message, StringComparison.Ordinal);
        Assert.Empty(_clock.Waits);
    }

    [Fact]
    public async Task WrongSecret_SaysSoWithoutAnySecret()
    {
        AsmCredential wrong = new(Lab.AccessKeyId, "AnotherSecret/With+Odd=Chars", "CAISExample/Security+Token==");
        await using IAsmApi api = await OpenAsync(wrong);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => api.AddVmAppToMeshAsync(Request, default));

        Assert.Contains("SignatureDoesNotMatch", error.Message, StringComparison.Ordinal);
        Assert.Contains("AccessKeySecret", error.Message, StringComparison.Ordinal);
        string all = error.ToString();
        Assert.DoesNotContain(wrong.AccessKeyId, all, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong.AccessKeySecret, all, StringComparison.Ordinal);
        Assert.DoesNotContain("Security+Token", all, StringComparison.Ordinal);
        Assert.DoesNotContain("Security%2BToken", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownMesh_NamesItsRemedy()
    {
        await using IAsmApi api = await OpenAsync();

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => api.GetMeshAsync("c0", default));

        Assert.Contains("ServiceMesh.NotFound", error.Message, StringComparison.Ordinal);
        Assert.Contains("-MeshId", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttled_WaitsAsToldAndSucceeds()
    {
        _endpoint.Faults.Throttle(3, TimeSpan.FromMilliseconds(1500));
        await using IAsmApi api = await OpenAsync();

        await api.AddVmAppToMeshAsync(Request, default);

        Assert.Equal(Enumerable.Repeat(TimeSpan.FromMilliseconds(1500), 3), _clock.Waits);
    }

    [Fact]
    public async Task ThrottledWithoutAWord_BacksOffAndGivesUpAfterFourAttempts()
    {
        _endpoint.Faults.Throttle(100, null);
        await using IAsmApi api = await OpenAsync();

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => api.GetMeshAsync(MeshId, default));

        Assert.Equal([1, 2, 4], _clock.Waits.Select(wait => wait.TotalSeconds));
        Assert.Contains("after 4 attempts with Throttling.User", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerError_RepeatsReadsOnly()
    {
        await using IAsmApi api = await OpenAsync();
        _endpoint.Faults.Fail(2);
        await api.GetMeshAsync(MeshId, default);
        Assert.Equal(2, _clock.Waits.Count);

        _endpoint.Faults.Fail(1);
        MeshException error = await Assert.ThrowsAsync<MeshException>(() => api.AddVmAppToMeshAsync(Request, default));

        Assert.Contains("ServiceUnavailable", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _clock.Waits.Count);
    }

    [Fact]
    public async Task NobodyListens_ApiUnreachable()
    {
        Uri address = _endpoint.Address;
        await _endpoint.DisposeAsync();
        await using IAsmApi api = await OpenAsync(endpoint: address);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => api.GetMeshAsync(MeshId, default));

        Assert.Equal(MeshErrorCode.ApiUnreachable, error.Code);
    }

    [Fact]
    public async Task Label_WithComma_RefusedBeforeAnyCall()
    {
        await using IAsmApi api = await OpenAsync();
        AsmVmAppRequest request = Request with { Annotations = new Dictionary<string, string> { ["a"] = "1,2" } };

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => api.AddVmAppToMeshAsync(request, default));

        Assert.Equal(MeshErrorCode.ArgumentInvalid, error.Code);
        Assert.Empty(_control.List("ServiceEntry"));
    }

    [Fact]
    public async Task Cancelled_WhileWaiting_EndsAtOnce()
    {
        _endpoint.Faults.Throttle(100, TimeSpan.FromSeconds(50));
        using CancellationTokenSource stop = new();
        AsmApiFactory factory = new(TimeProvider.System);
        await using IAsmApi api = await factory.OpenAsync(new AsmOptions { Endpoint = _endpoint.Address, Credential = Lab }, default);

        Task call = api.GetMeshAsync(MeshId, stop.Token);
        stop.CancelAfter(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Theory]
    [InlineData("http://192.0.2.1:80")]
    [InlineData("http://servicemesh.aliyuncs.com")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("https://user:pw@servicemesh.aliyuncs.com")]
    [InlineData("https://servicemesh.aliyuncs.com/path")]
    public async Task Open_EndpointNotAllowed_ArgumentInvalid(string endpoint)
    {
        MeshException error = await Assert.ThrowsAsync<MeshException>(() => OpenAsync(endpoint: new Uri(endpoint)));

        Assert.Equal(MeshErrorCode.ArgumentInvalid, error.Code);
        Assert.DoesNotContain("pw", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoEndpoint_IsTheServicesOwn()
    {
        await using IAsmApi api = await new AsmApiFactory(_clock).OpenAsync(new AsmOptions { Credential = Lab }, default);

        Assert.Equal(new Uri("https://servicemesh.aliyuncs.com"), api.Endpoint);
    }

    private Task<IAsmApi> OpenAsync(AsmCredential? credential = null, Uri? endpoint = null) =>
        new AsmApiFactory(_clock).OpenAsync(
            new AsmOptions { Endpoint = endpoint ?? _endpoint.Address, Credential = credential ?? Lab }, default);
}
