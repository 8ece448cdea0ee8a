using System.Text.Json;
using System.Text.RegularExpressions;
using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

/// <summary>
/// The product's main job, as its users run it: the example works, a second run changes nothing, and each thing that is
/// likely to be wrong is named. Every test that breaks the mesh mends it again.
/// </summary>
[Collection(ExampleCollection.Name)]
public sealed class ExampleTests(ExampleRun example)
{
    private const string Namespace = "http-reciprocal-hello";

    [Fact]
    public void Run_OnAFreshLab_EveryPathWorksAndTheSplitIsConsistent()
    {
        Assert.True(example.First.ExitCode == 0, example.First.Output + example.First.Error);
        Assert.Contains("All 11 paths work; the splits are Consistent and Consistent.", example.First.Output, StringComparison.Ordinal);
        Assert.Contains("Undecided: 100 answers", example.First.Output, StringComparison.Ordinal);
        Assert.Empty(example.First.Error);
    }

    [Fact]
    public async Task Measure_ByeByItsWords_NinetyFiveFive()
    {
        ProcessResult measured = await example.ConnectedAsync(
            "Measure-TrafficShift -VirtualService hello2-vs "
            + "-Uri \"http://$((Get-MeshConnection).IngressAddress):8004/bye\" "
            + "-VersionPattern @{ v1 = '^Bye byeBye bye'; v2 = '^Bye byeAu revoir'; v3 = '^Bye byeAdióbais' } | "
            + "ForEach-Object { \"$($_.Route) $($_.Verdict) $($_.Unattributed) \" + $_.Versions.Expected }");

        Assert.Contains("http-bye-route Consistent 0 90 5 5", measured.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ASecondTime_ChangesNothing()
    {
        string hosts = await example.HostsFilesAsync();

        ProcessResult second = await example.RunAsync();

        Assert.True(second.ExitCode == 0, second.Output + second.Error);
        Assert.DoesNotMatch(new Regex("Created|Updated|Removed"), second.Output);
        Assert.Contains("Unchanged", second.Output, StringComparison.Ordinal);
        Assert.Equal(hosts, await example.HostsFilesAsync());
    }

    [KubectlFact]
    public async Task Run_ASecondTime_WritesNoObject()
    {
        string objects = await example.ObjectsAsync();

        ProcessResult second = await example.RunAsync();

        Assert.True(second.ExitCode == 0, second.Output + second.Error);
        Assert.Equal(objects, await example.ObjectsAsync());
    }

    [Fact]
    public async Task CheckOnly_WithTheAppOfOneVmDown_NamesTheVmAndTheStage()
    {
        LabVm vm = example.Lab.Vms[1];
        _ = (await LabFixture.RunOnVmAsync(vm, "docker stop hello2")).Text;
        try
        {
            ProcessResult check = await example.RunAsync("-CheckOnly");

            Assert.Equal(1, check.ExitCode);
            Assert.Matches($@"hello1-deploy\S* -> http://{Regex.Escape(vm.Address)}:8001/\S*\n    Connect: ", check.Output);
            Assert.Contains("Get-VmApp", check.Output, StringComparison.Ordinal);
            NoStackTrace(check);
        }
        finally
        {
            ProcessResult mended = await example.ConnectedAsync(
                "$vms | Start-VmApp -Name hello2 -Image { "
                + "\"registry.cn-beijing.aliyuncs.com/asm_repo/http_springboot_$($_.Version):1.0.1\" } "
                + $"-Environment @{{ HTTP_HELLO_BACKEND = 'hello3-svc.{Namespace}.svc.cluster.local' }}");
            Assert.True(mended.ExitCode == 0, mended.Error);
        }
    }

    [KubectlFact]
    public async Task CheckOnly_WithoutVersions_NamesTheSubsetAndTheRemedy()
    {
        string[] entries = (await example.Lab.KubectlAsync(
            ["get", "workloadentries", "-n", Namespace, "-o", "name"], mesh: true)).Text.Split('\n');
        foreach (string entry in entries)
        {
            _ = (await example.Lab.KubectlAsync(
                ["patch", entry, "-n", Namespace, "--type=merge", "-p", """{"spec":{"labels":{"version":null}}}"""],
                mesh: true)).Text;
        }

        try
        {
            ProcessResult check = await example.RunAsync("-CheckOnly");

            Assert.Equal(1, check.ExitCode);
            Assert.Matches(@"-> http://hello2-svc\S*\n    Http: .*503.*Set-WorkloadEntryVersion", check.Output);
            NoStackTrace(check);
        }
        finally
        {
            ProcessResult mended =
                await example.ConnectedAsync("$vms | Set-WorkloadEntryVersion -ServiceName hello2-svc");
            Assert.True(mended.ExitCode == 0, mended.Error);
        }
    }

    [Fact]
    public async Task CheckOnly_WithoutAHostRecord_NamesTheVmAndTheRemedy()
    {
        ProcessResult removed = await example.ConnectedAsync(
            "$vms | Where-Object Name -eq vm3 | Remove-VmHostRecord -ServiceName hello3-svc -Confirm:$false");
        Assert.True(removed.ExitCode == 0, removed.Error);
        try
        {
            ProcessResult check = await example.RunAsync("-CheckOnly");

            Assert.Equal(1, check.ExitCode);
            Assert.Matches(@"vm3 -> http://hello3-svc\S*\n    Resolve: ", check.Output);
            Assert.Contains("Add-VmHostRecord -ServiceName hello3-svc", check.Output, StringComparison.Ordinal);
            NoStackTrace(check);
        }
        finally
        {
            ProcessResult mended = await example.ConnectedAsync("$vms | Add-VmHostRecord -ServiceName hello3-svc");
            Assert.True(mended.ExitCode == 0, mended.Error);
        }
    }

    [KubectlFact]
    public async Task Measure_WhenKubectlSetOtherWeights_IsInconsistentWithTheOnesExpected()
    {
        _ = (await example.Lab.KubectlAsync(Weights(30, 50, 20), mesh: true)).Text;
        try
        {
            ProcessResult measured = await example.ConnectedAsync(
                "Measure-TrafficShift -VirtualService hello2-vs -Route http-hello-route -Count 2000 "
                + $"-Uri \"http://$((Get-MeshConnection).IngressAddress):8004/hello/eric\" "
                + "-Expect @{ v1 = 30; v2 = 60; v3 = 10 } | ForEach-Object { \"$($_.Verdict) $($_.PValue -lt 0.001)\" }");

            Assert.Contains("Inconsistent True", measured.Output, StringComparison.Ordinal);
        }
        finally
        {
            await GiveRoutesBackAsync();
        }
    }

    [Fact]
    public async Task Canary_ArrivesAndTheBadOneBacksOut()
    {
        try
        {
            ProcessResult canary = await example.RunAsync(example: "canary");

            Assert.True(canary.ExitCode == 0, canary.Output + canary.Error);
            Assert.Matches(@"1 of 4 +Passed +Consistent +0 % +\S+ ms +v1 71 %, v2 5 %, v3 24 %", canary.Output);
            Assert.Matches(@"4 of 4 +Completed +Consistent +0 % +\S+ ms +v1 0 %, v2 100 %, v3 0 %", canary.Output);
            Assert.Contains("at most 0.001 ms is allowed", canary.Output, StringComparison.Ordinal);
            NoStackTrace(canary);
        }
        finally
        {
            await GiveRoutesBackAsync();
        }
    }

    [Fact]
    public async Task BlueGreen_ArrivesByHeaderFirstAndTheBadOneIsSeenByNobodyElse()
    {
        try
        {
            ProcessResult shift = await example.RunAsync(example: "blue-green");

            Assert.True(shift.ExitCode == 0, shift.Output + shift.Error);
            Assert.Matches(@"1 of 2 +Passed +Consistent +0 % +\S+ ms +x-release=green: v2 100 %", shift.Output);
            Assert.Matches(@"2 of 2 +Completed +Consistent +0 % +\S+ ms +v1 0 %, v2 100 %, v3 0 %", shift.Output);
            Assert.Contains("With x-release=next: 99 % of the answers of v3 took", shift.Output, StringComparison.Ordinal);
            NoStackTrace(shift);
        }
        finally
        {
            await GiveRoutesBackAsync();
        }
    }

    [Fact]
    public async Task BlueGreen_ByAHeaderTheAppsDoNotPassOn_BacksOutAndSaysWhy()
    {
        try
        {
            ProcessResult shift = await example.ConnectedAsync(
                "Invoke-TrafficShift hello2-vs http-hello-route @{ v3 = 100; Header = @{ release = 'next' } } -SettleTimeout 3s "
                + "-Uri \"http://$((Get-MeshConnection).IngressAddress):8004/hello/eric\" -ErrorAction SilentlyContinue "
                + "| ForEach-Object { \"$($_.Action) $($_.Reason)\" }; "
                + "\"routes: $((Get-TrafficShift hello2-vs).Route)\"");

            Assert.Contains("RolledBack With release=next: Inconsistent", shift.Output, StringComparison.Ordinal);
            Assert.Contains("must pass release on", shift.Output, StringComparison.Ordinal);
            Assert.Contains("routes: http-hello-route http-bye-route", shift.Output, StringComparison.Ordinal);
        }
        finally
        {
            await GiveRoutesBackAsync();
        }
    }

    [KubectlFact]
    public async Task ShiftsWhereOneIsMarked_SayWhoseAndChangeNothing()
    {
        const string Marker =
            """
            {"id":"3fb0de6c-6e32-4e0b-9c8a-2a10a6bd3c5e","route":"http-hello-route","step":1,"who":"ann@desk",
            "original":[{"host":"hello2-svc","subset":"v1","weight":30}],
            "steps":[[{"host":"hello2-svc","subset":"v1","weight":30}]],
            "check":{"measurement":{}},"started":"2026-01-02T03:04:05+00:00"}
            """;
        await AnnotateAsync($"hybridmesh.io/traffic-shift={Marker}", "--overwrite");
        try
        {
            string objects = await example.ObjectsAsync();
            foreach (string name in (string[])["canary", "blue-green"])
            {
                ProcessResult shift = await example.RunAsync(example: name);

                Assert.Equal(1, shift.ExitCode);
                Assert.Matches(
                    @"^\S.* \(step 1 of 1 on route 'http-hello-route', begun by ann@desk at 2026-01-02 03:04:05 UTC\): .*"
                        + @"Resume-TrafficShift hello2-vs .* Undo-TrafficShift hello2-vs [^\n]*\n$",
                    shift.Output);
                Assert.Empty(shift.Error);
            }

            Assert.Equal(objects, await example.ObjectsAsync());
        }
        finally
        {
            await AnnotateAsync("hybridmesh.io/traffic-shift-");
        }
    }

    private async Task AnnotateAsync(params string[] words) => _ = (await example.Lab.KubectlAsync(
        ["annotate", "virtualservice", "hello2-vs", "-n", Namespace, .. words], mesh: true)).Text;

    // With force: others own the routes now, and giving them back makes the next run change nothing.
    private async Task GiveRoutesBackAsync()
    {
        string folder = Path.Combine(RepositoryFiles.Root, "examples", "http-reciprocal", "control-plane");
        ProcessResult mended = await example.ConnectedAsync($"Publish-MeshManifest '{folder}' -Force");
        Assert.True(mended.ExitCode == 0, mended.Error);
    }

    private static string[] Weights(int v1, int v2, int v3)
    {
        object[] http =
        [
            Route("http-hello-route", "prefix", "/hello", v1, v2, v3), Route("http-bye-route", "exact", "/bye", 90, 5, 5),
        ];
        string patch = JsonSerializer.Serialize(new { spec = new { http } });
        return ["patch", "virtualservice", "hello2-vs", "-n", Namespace, "--type=merge", "-p", patch];
    }

    private static object Route(string name, string how, string path, params int[] weights) => new
    {
        name,
        match = new[] { new { uri = new Dictionary<string, string> { [how] = path } } },
        route = weights.Select((weight, index) => new
        {
            destination = new { host = $"hello2-svc.{Namespace}.svc.cluster.local", subset = $"v{index + 1}" },
            weight,
        }),
    };

    private static void NoStackTrace(ProcessResult run) =>
        Assert.DoesNotContain("   at ", run.Output + run.Error, StringComparison.Ordinal);
}
