using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>Each cause of a wrong split made for real, and named.</summary>
public sealed class DiagnosisOnTheLabTests(ScenarioLab scenario) : IClassFixture<ScenarioLab>
{
    private const string Host = "hello2-svc." + ScenarioLab.Domain;

    // The app's own greeting tells what it is, whatever its label says.
    private const string Greetings =
        "-VersionPattern @{ v1 = '^[^<]*<-Hello'; v2 = '^[^<]*<-Bonjour'; v3 = '^[^<]*<-Hola' }";

    private static readonly string Routes = File.ReadAllText(
        Path.Combine(RepositoryFiles.Root, "examples", "http-reciprocal", "control-plane", "20-hello2.yaml"));

    private static readonly string Entry = File.ReadAllText(
        Path.Combine(RepositoryFiles.Root, "examples", "http-reciprocal", "control-plane", "10-gateway.yaml"));

    [Fact]
    public async Task RightSplit_HasNoDiagnosis()
    {
        Reset();
        await UntilAsync(
            result => result is { Verdict: Verdict.Consistent, Diagnosis.Count: 0, Errors.Count: 0 },
            $"Measure-TrafficShift {scenario.Entry} -VirtualService hello2-vs -Count 2000");
    }

    [Fact]
    public async Task IgnoredWeights_AreNotInForce()
    {
        Reset();
        await WithFaultAsync("mesh/weights", "ignore", "obey", async () =>
        {
            TrafficDiagnosis found = await UntilAsync(TrafficCause.WeightsNotInForce, "-Count 1000");
            TrafficShiftResult proof =
                (TrafficShiftResult)Assert.Single(scenario.Host.Expect($"{found.Command} -Count 1000")).BaseObject;
            Assert.NotEqual(Verdict.Inconsistent, proof.Verdict);
            string view =
                scenario.Host.Render($"Measure-TrafficShift {scenario.Entry} -VirtualService hello2-vs -Count 500");
            Assert.Contains(
                "WeightsNotInForce: The weights of VirtualService hello2-vs", view, StringComparison.Ordinal);
            Assert.Contains("> Measure-TrafficShift -Uri", view, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task EmptySubset_IsASubsetWithoutEndpoints()
    {
        Reset();
        scenario.Host.Expect("$vms[2] | Set-WorkloadEntryVersion -ServiceName hello2-svc -Version v9");
        await UntilAsync(TrafficCause.SubsetWithoutEndpoints, "-Count 500");
    }

    [Fact]
    public async Task PinnedConnections_AreSticky()
    {
        // A route from the gateway straight to the VMs, so that the pinned connections are the measurement's own.
        Reset(Direct);
        string direct = $"Measure-TrafficShift http://{scenario.Lab.Facts.IngressAddress}:8005/hello/eric "
            + "-VirtualService direct-vs";
        await UntilAsync(result => result.Diagnosis.Count == 0 && result.Errors.Count == 0, $"{direct} -Count 100");
        await WithFaultAsync("mesh/connections", "pin", "spread", async () =>
        {
            // Chance gives so many connections one version, which tells nothing, once in two hundred thousand runs.
            TrafficShiftResult pinned = Run($"{direct} -Count 600 -Concurrency 24");
            TrafficDiagnosis found = Named(TrafficCause.StickyConnection, pinned);
            Assert.Contains("Each of ", found.Message, StringComparison.Ordinal);
            Assert.NotEqual(Verdict.Inconsistent, Run($"{found.Command} -Count 600").Verdict);
        });
    }

    // hello1 keeps some connections to hello2 and renews each after a second.
    [Fact]
    public async Task PinnedConnectionsOfAnApp_AreSticky()
    {
        Reset();
        await WithFaultAsync("mesh/connections", "pin", "spread", async () =>
        {
            TrafficDiagnosis found = await UntilAsync(TrafficCause.StickyConnection, "-Duration 4s");
            Assert.Contains("not the app's", found.Message, StringComparison.Ordinal);
            Assert.Contains(
                found.Evidence, text => text.EndsWith("lies before the measured host.", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task OneVersion_WithAnotherVirtualServiceForTheHost_SaysWhatItCannotTell()
    {
        Reset();
        string rival = Publish(Rival);
        try
        {
            await WithFaultAsync("mesh/connections", "pin", "spread", () => UntilAsync(
                result => result.Diagnosis.SelectMany(item => item.Evidence).Any(text => text.StartsWith(
                    "VirtualService old-vs is for the same host", StringComparison.Ordinal)),
                $"Measure-TrafficShift {scenario.Entry} -VirtualService hello2-vs -Count 60 -Concurrency 1"));
        }
        finally
        {
            scenario.Host.Expect($"Remove-MeshManifest '{rival}' -Confirm:$false");
        }
    }

    [Fact]
    public async Task AnotherHost_IsNotMatched()
    {
        Reset(Routes.Replace($"hosts:\n    - {Host}", "hosts:\n    - hello2.example", StringComparison.Ordinal));
        await UntilAsync(TrafficCause.HostNotMatched, "-Count 500");
    }

    [Fact]
    public async Task TcpPort_IsPortProtocol()
    {
        Reset(Service("TCP"));
        await UntilAsync(TrafficCause.PortProtocol, "-Count 500");
    }

    [Fact]
    public async Task EndpointWeights_InOneSubset_AreSkew()
    {
        Reset(Workload(8), OneDestination);
        await UntilAsync(
            TrafficCause.EndpointWeightSkew, $"-Count 500 {Greetings} -Expect @{{ v1 = 1; v2 = 1; v3 = 1 }}");
    }

    [Fact]
    public async Task AppOfAnotherVersion_IsNamed()
    {
        Reset();
        await ReplaceAppAsync("v3");
        try
        {
            TrafficDiagnosis found = await UntilAsync(TrafficCause.AnotherVersion, $"-Count 500 {Greetings}");
            Assert.Contains("label version=v2 but answers as v3", found.Message, StringComparison.Ordinal);
        }
        finally
        {
            await ReplaceAppAsync("v2");
        }
    }

    [Fact]
    public async Task OtherSharesExpected_AreExpectedOtherwise()
    {
        Reset();
        TrafficDiagnosis found =
            await UntilAsync(TrafficCause.ExpectedOtherwise, "-Count 500 -Expect @{ v1 = 1; v2 = 1; v3 = 1 }");
        Assert.Contains(
            "are 30:60:10 of v1, v2, v3, and that is what arrives", found.Message, StringComparison.Ordinal);
        Assert.Contains(
            scenario.Host.Expect(found.Command!).Select(item => ((TrafficShift)item.BaseObject).Route),
            route => route == "http-hello-route");
    }

    [Fact]
    public async Task RouteThatDoesNotTakeTheRequests_IsAnotherRoute()
    {
        Reset();
        TrafficDiagnosis found = await UntilAsync(TrafficCause.AnotherRoute, "-Count 500 -Route http-bye-route");
        Assert.Contains(
            "Route 'http-hello-route' of VirtualService hello2-vs seems to take these requests", found.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task UrlOfAVm_PassesEveryRouteBy()
    {
        Reset();
        string vm = scenario.Lab.Vms[1].Address;
        TrafficShiftResult result = await UntilAsync(
            item => item.Diagnosis.Count > 0,
            $"Measure-TrafficShift http://{vm}:8001/hello/eric -VirtualService hello2-vs -Count 100");
        Assert.Contains(
            $"go straight to mesh-expansion-hello2-svc-2 ({vm})",
            Named(TrafficCause.HostNotMatched, result).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppThatAnswersAlone_NeverReachesTheVm()
    {
        Reset(Entry.Replace("host: hello1-svc", "host: hello3-svc", StringComparison.Ordinal)
            .Replace(
                "port:\n              number: 8004", "port:\n              number: 8001", StringComparison.Ordinal));
        await LabFixture.WaitForAsync(() => Task.FromResult(
            scenario.Host.Run($"Measure-TrafficShift {scenario.Entry} -VirtualService hello2-vs -Count 100")
                .Errors.Any(error =>
                    error.Exception.Message.Contains("without reaching " + Host, StringComparison.Ordinal))));
    }

    private const string Direct = """
        apiVersion: networking.istio.io/v1beta1
        kind: Gateway
        metadata: { name: direct-gateway, namespace: http-reciprocal-hello }
        spec:
          selector: { istio: ingressgateway }
          servers:
            - port: { number: 8005, name: http-direct, protocol: HTTP }
              hosts: ["*"]
        ---
        apiVersion: networking.istio.io/v1beta1
        kind: VirtualService
        metadata: { name: direct-vs, namespace: http-reciprocal-hello }
        spec:
          hosts: ["*"]
          gateways: [direct-gateway]
          http:
            - route:
                - { destination: { host: hello2-svc, subset: v1 }, weight: 30 }
                - { destination: { host: hello2-svc, subset: v2 }, weight: 60 }
                - { destination: { host: hello2-svc, subset: v3 }, weight: 10 }
        """;

    private const string Rival = """
        apiVersion: networking.istio.io/v1beta1
        kind: VirtualService
        metadata: { name: old-vs, namespace: http-reciprocal-hello }
        spec:
          hosts: [hello2-svc]
          http:
            - route:
                - { destination: { host: hello2-svc, subset: v2 } }
        """;

    private const string OneDestination = """
        apiVersion: networking.istio.io/v1beta1
        kind: VirtualService
        metadata: { name: hello2-vs, namespace: http-reciprocal-hello }
        spec:
          hosts: [hello2-svc]
          http:
            - name: http-hello-route
              route:
                - { destination: { host: hello2-svc } }
        """;

    private static string Service(string protocol) => $$"""
        apiVersion: networking.istio.io/v1beta1
        kind: ServiceEntry
        metadata: { name: mesh-expansion-hello2-svc, namespace: http-reciprocal-hello }
        spec:
          hosts: ["{{Host}}"]
          ports:
            - { number: 8001, name: http-8001, protocol: {{protocol}} }
        """;

    private string Workload(int weight) => $$"""
        apiVersion: networking.istio.io/v1beta1
        kind: WorkloadEntry
        metadata: { name: mesh-expansion-hello2-svc-1, namespace: http-reciprocal-hello }
        spec:
          address: {{scenario.Lab.Vms[0].Address}}
          weight: {{weight}}
        """;

    // The scenario as it should be, then what makes the fault.
    private void Reset(params string[] faulty)
    {
        scenario.Host.Expect("$vms | Set-WorkloadEntryVersion -ServiceName hello2-svc");
        foreach (string manifest in (string[])[Routes, Entry, Service("HTTP"), Workload(1), .. faulty])
        {
            Publish(manifest);
        }
    }

    private string Publish(string manifest)
    {
        string file = Path.Combine(scenario.Lab.Path, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(file, manifest);
        scenario.Host.Expect($"Publish-MeshManifest '{file}' -Force");
        return file;
    }

    private async Task ReplaceAppAsync(string version)
    {
        _ = (await LabFixture.RunOnVmAsync(scenario.Lab.Vms[1], "docker rm -f hello2")).Text;
        await scenario.Lab.StartAppAsync(scenario.Lab.Vms[1] with { Version = version });
    }

    private async Task WithFaultAsync(string fault, string on, string off, Func<Task> check)
    {
        await scenario.Lab.AdminAsync($"faults/{fault}/{on}");
        try
        {
            await check();
        }
        finally
        {
            await scenario.Lab.AdminAsync($"faults/{fault}/{off}");
        }
    }

    // The mesh takes a change over within a second or so.
    private async Task<TrafficDiagnosis> UntilAsync(TrafficCause cause, string arguments) => (await UntilAsync(
        result => result.Diagnosis is [{ } first, ..] && first.Cause == cause,
        $"Measure-TrafficShift {scenario.Entry} -VirtualService hello2-vs {arguments}")).Diagnosis[0];

    private async Task<TrafficShiftResult> UntilAsync(Func<TrafficShiftResult, bool> condition, string command)
    {
        TrafficShiftResult? last = null;
        try
        {
            await LabFixture.WaitForAsync(
                () =>
                {
                    last =
                        scenario.Host.Run(command).OutputAs<TrafficShiftResult>() is [{ } result, ..] ? result : null;
                    return Task.FromResult(last is not null && condition(last));
                },
                seconds: 60);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{last?.Summary} {string.Join(' ', last?.Diagnosis ?? [])}");
        }

        return last!;
    }

    private static TrafficDiagnosis Named(TrafficCause cause, TrafficShiftResult result) => Assert.Single(
        result.Diagnosis, item => item.Cause == cause);

    private TrafficShiftResult Run(string command) =>
        (TrafficShiftResult)Assert.Single(scenario.Host.Expect(command)).BaseObject;
}
