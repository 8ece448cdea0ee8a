using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class SetTrafficShiftCommandTests : IDisposable
{
    private const string Hello = "Set-TrafficShift hello2-vs http-hello-route";
    private readonly ShiftMesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Weights_AreSetOnThatRouteOnly()
    {
        TrafficShift shift = Set($"{Hello} -Weight @{{ v1 = 10; v2 = 80; v3 = 10 }}");
        Assert.Equal(ChangeAction.Updated, shift.Action);
        Assert.Equal([10, 80, 10], shift.Weights.Select(row => row.Weight));
        Assert.Equal([30, 60, 10], shift.PreviousWeights!.Select(row => row.Weight));
        Assert.Equal([10, 80, 10], _mesh.Weights());
        Assert.Equal([90, 5, 5], _mesh.Weights(1));
    }

    [Fact]
    public void SecondRun_IsUnchangedAndWritesNothing()
    {
        Set($"{Hello} -Weight @{{ v1 = 10; v2 = 80; v3 = 10 }}");
        int writes = _mesh.Control.Writes.Count;
        TrafficShift shift = Set($"{Hello} -Weight @{{ v1 = 10; v2 = 80; v3 = 10 }}");
        Assert.Equal((ChangeAction.Unchanged, null), (shift.Action, shift.PreviousWeights));
        Assert.Equal(writes, _mesh.Control.Writes.Count);
    }

    [Fact]
    public void Proportions_AreWrittenAsGivenAndShownInPercent()
    {
        TrafficShift shift = Set($"{Hello} -Weight @{{ v1 = 1; v2 = 2; v3 = 1 }}");
        Assert.Equal([(1, 25.0), (2, 50.0), (1, 25.0)], shift.Weights.Select(row => (row.Weight, row.Percent)));
        Assert.Equal([1, 2, 1], _mesh.Weights());
    }

    [Fact]
    public void WholePercentages_LeaveNothingToVersionsNotNamed()
    {
        Set($"{Hello} -Weight @{{ v1 = 40; v2 = 60 }}");
        Assert.Equal([40, 60, 0], _mesh.Weights());
        Assert.Equal([0, 0, 100], Set($"{Hello} -Weight @{{ v3 = 100 }}").Weights.Select(row => row.Weight));
    }

    [Theory]
    [InlineData("@{ v2 = 5 }", "ArgumentInvalid", "v1, v3")]
    [InlineData("@{ v1 = 0; v2 = 0; v3 = 0 }", "ArgumentInvalid", "above zero")]
    [InlineData("@{ v1 = -1; v2 = 50; v3 = 50 }", "ArgumentInvalid", "'v1' is -1")]
    [InlineData("@{ v1 = 0.5; v2 = 50; v3 = 50 }", "ArgumentInvalid", "whole numbers")]
    [InlineData("@{ v1 = 'many'; v2 = 50; v3 = 50 }", "ArgumentInvalid", "no number")]
    [InlineData("@{}", "ArgumentInvalid", "names no version")]
    [InlineData("@{ v1 = 50; v9 = 50 }", "ObjectNotFound", "there are v1, v2, v3")]
    [InlineData("@{ v1 = 9999999; v2 = 50; v3 = 1 }", "ArgumentInvalid", "1,000,000")]
    public void WrongWeights_AreRefused(string weights, string id, string message)
    {
        ErrorRecord error = _mesh.Fails($"{Hello} -Weight {weights}");
        Assert.Equal($"{id},HybridMesh.Cmdlets.SetTrafficShiftCommand", error.FullyQualifiedErrorId);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(_mesh.Control.Writes);
    }

    [Theory]
    [InlineData("Set-TrafficShift hello2-vs", "Ambiguous", "'http-hello-route', 'http-bye-route'", "hello2-vs")]
    [InlineData("Set-TrafficShift hello2-vs nope", "ObjectNotFound", "'http-hello-route', 'http-bye-route'", "nope")]
    [InlineData("Set-TrafficShift nope-vs", "ObjectNotFound", "Get-TrafficShift", "nope-vs")]
    public void UnclearRoute_ListsTheRoutes(string command, string id, string message, string target)
    {
        ErrorRecord error = _mesh.Fails($"{command} -Weight @{{ v1 = 100 }}");
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(target, error.TargetObject);
    }

    [Fact]
    public void TcpOnly_SaysThatOnlyHttpRoutesAreShifted()
    {
        _mesh.Control.Seed(KubernetesKind.VirtualService, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"VirtualService","metadata":{"name":"tcp-vs","namespace":"hello"},
             "spec":{"hosts":["db"],"tcp":[{"route":[{"destination":{"host":"db"}}]}]}}
            """);
        Assert.Contains("only 1 tcp", _mesh.Fails("Set-TrafficShift tcp-vs -Weight @{ v1 = 100 }").Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SubsetWithoutEndpoints_IsRefusedUnlessForced()
    {
        using ShiftMesh bare = new(withVersions: false);
        ErrorRecord error = bare.Fails($"{Hello} -Weight @{{ v1 = 50; v2 = 50; v3 = 0 }}");
        Assert.StartsWith("SubsetEmpty,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("v1", error.TargetObject);
        Assert.Contains("version=v1", error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(bare.Control.Writes);

        ScriptRun forced = bare.Mesh.Run($"{Hello} -Weight @{{ v1 = 50; v2 = 50; v3 = 0 }} -Force");
        Assert.Empty(forced.Errors);
        Assert.Equal(2, forced.Warnings.Count);
        Assert.Equal([50, 50, 0], bare.Weights());
    }

    [Fact]
    public void VersionOfAnotherSubset_IsAddedAsADestination()
    {
        AddSubset("""{"name":"canary","labels":{"version":"v4"}}""");
        Assert.Equal(
            [("v1", 30), ("v2", 60), ("v3", 5), ("v4", 5)],
            Set($"{Hello} -Weight @{{ v1 = 30; v2 = 60; v3 = 5; v4 = 5 }} -Force").Weights.Select(row => (row.Version, row.Weight)));
        Assert.Equal("canary", (string)_mesh.VirtualService["spec"]!["http"]![0]!["route"]![3]!["destination"]!["subset"]!);
        Assert.Equal(3, _mesh.Weights(1).Count);
    }

    [Fact]
    public void TwoVersionsOnOneVm_BothHaveAnEndpoint()
    {
        AddSubset("""{"name":"canary","labels":{"version":"v4"}}""");
        _mesh.Control.Seed(KubernetesKind.WorkloadEntry, $$$"""
            {"apiVersion":"networking.istio.io/v1beta1","kind":"WorkloadEntry","metadata":{"name":"second","namespace":"hello"},
             "spec":{"address":"{{{FakeScenario.Vm(1)}}}","ports":{"http-8001":8002},
                     "labels":{"app":"hello-workload","version":"v4"} } }
            """);
        Set($"{Hello} -Weight @{{ v1 = 50; v2 = 0; v3 = 0; v4 = 50 }}");
        Assert.Equal([50, 0, 0, 50], _mesh.Weights());
    }

    [Fact]
    public void VersionLabelOfTwoSubsets_IsAmbiguous()
    {
        AddSubset("""{"name":"a","labels":{"version":"v4","zone":"a"}}""");
        AddSubset("""{"name":"b","labels":{"version":"v4","zone":"b"}}""");
        ErrorRecord error = _mesh.Fails($"{Hello} -Weight @{{ v4 = 100 }}");
        Assert.StartsWith("Ambiguous,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("a of hello2-svc", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_ShowsBeforeAndAfterOfTheServersDryRunAndChangesNothing()
    {
        ScriptRun run = _mesh.Mesh.Run($"{Hello} -Weight @{{ v1 = 10; v2 = 80; v3 = 10 }} -WhatIf");
        Assert.Contains("VirtualService hello/hello2-vs on the control plane", run.HostText, StringComparison.Ordinal);
        Assert.Contains("'http-hello-route': v1 30 -> 10, v2 60 -> 80, v3 10", run.HostText, StringComparison.Ordinal);
        Assert.Contains(_mesh.Control.Calls, call => call is { Verb: "replace", DryRun: true });
        Assert.Empty(run.Output);
        Assert.Empty(_mesh.Control.Writes);
    }

    [Fact]
    public void GetPipedIn_BindsVirtualServiceRouteAndNamespace()
    {
        IReadOnlyList<TrafficShift> shifts = _mesh.Expect<TrafficShift>("Get-TrafficShift hello2-vs | Set-TrafficShift -Weight @{ v3 = 100 }");
        Assert.Equal(["http-hello-route", "http-bye-route"], shifts.Select(shift => shift.Route));
        Assert.Equal([0, 0, 100, 0, 0, 100], _mesh.Weights().Concat(_mesh.Weights(1)));
    }

    [Fact]
    public void OneRouteFailing_LeavesTheOthersToBeSet()
    {
        ScriptRun run = _mesh.Mesh.Run("Get-TrafficShift | Set-TrafficShift -Weight @{ v3 = 100 }");
        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Equal(2, run.Output.Count);
    }

    [Fact]
    public void AnotherWritersChangeOfAnotherRoute_Survives()
    {
        bool raced = false;
        _mesh.Control.OnCall = (call, _) =>
        {
            if (call.Verb == "replace" && !raced)
            {
                raced = true;
                _mesh.Edit(item => item["spec"]!["http"]![1]!["route"]![0]!["weight"] = 91);
            }

            return Task.CompletedTask;
        };
        Set($"{Hello} -Weight @{{ v3 = 100 }}");
        Assert.Equal([0, 0, 100, 91, 5, 5], _mesh.Weights().Concat(_mesh.Weights(1)));
    }

    [Fact]
    public void Stop_WhileWriting_EndsWithinASecond()
    {
        TaskCompletionSource writing = new();
        _mesh.Control.OnCall = (call, token) =>
        {
            if (call.Verb != "replace")
            {
                return Task.CompletedTask;
            }

            writing.TrySetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        using RunningScript running = _mesh.Mesh.Host.Start($"{Hello} -Weight @{{ v3 = 100 }}");
        running.WaitUntil(() => writing.Task.IsCompleted, "the write");
        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
        Assert.Equal([30, 60, 10], _mesh.Weights());
    }

    [Fact]
    public void View_ShowsWhatWasThereBefore() =>
        Assert.Matches(
            @"v1 10 %, v2 80 %, v3 10 % +30:60:10 +1, 1, 1 +Updated",
            _mesh.Mesh.Host.Render($"{Hello} -Weight @{{ v1 = 10; v2 = 80; v3 = 10 }}"));

    private void AddSubset(string subset)
    {
        System.Text.Json.Nodes.JsonObject rule = _mesh.Control.Peek(KubernetesKind.DestinationRule, "hello", "hello2-dr")!;
        rule["spec"]!["subsets"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse(subset));
        _mesh.Control.OverwriteAs("kubectl-edit", KubernetesKind.DestinationRule, rule);
    }

    private TrafficShift Set(string script) => Assert.Single(_mesh.Expect<TrafficShift>(script));
}
