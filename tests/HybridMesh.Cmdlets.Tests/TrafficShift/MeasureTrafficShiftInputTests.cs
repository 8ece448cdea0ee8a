using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>What Measure-TrafficShift refuses.</summary>
public sealed class MeasureTrafficShiftInputTests : IDisposable
{
    private const string Entry = "http://127.21.0.1:8004/hello/eric";
    private readonly FakeMesh _mesh = new();
    private readonly FakeLoadGenerator _load = new();

    public MeasureTrafficShiftInputTests()
    {
        FakeScenario.Seed(_mesh.DataPlane, _mesh.ControlPlane);
        _mesh.Runtime.Load = _load;
    }

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData("-Expect @{ v1 = 0; v2 = 0 }", "ArgumentInvalid", "zero")]
    [InlineData("-Expect @{ v1 = 'many' }", "ArgumentInvalid", "'v1' is 'many'")]
    [InlineData("-Expect @{ v1 = -5; v2 = 5 }", "ArgumentInvalid", "'v1'")]
    [InlineData("-Expect @{}", "ArgumentInvalid", "No version")]
    [InlineData("-VirtualService hello2-vs -Expect @{ v1 = 50; v7 = 50 }", "ArgumentInvalid", "'v7' is expected")]
    [InlineData("-VirtualService hello2-vs -VersionPattern @{ v1 = '(' ; v2 = 'b'; v3 = 'c' }", "ArgumentInvalid", "'v1' is no regular expression")]
    [InlineData("-VirtualService hello2-vs -VersionPattern @{ v1 = 'a' }", "ArgumentInvalid", "'v2' is expected")]
    [InlineData("-VirtualService hello2-vs -VersionPattern @{ v1 = 'a' } -VersionHeader x", "ArgumentInvalid", "exclude each other")]
    [InlineData("-VirtualService nope", "ObjectNotFound", "'hello2-vs'")]
    [InlineData("-VirtualService hello2-vs -Route nope", "ObjectNotFound", "'http-hello-route', 'http-bye-route'")]
    [InlineData("-Header @{ x = 'a', 'b' }", "ArgumentInvalid", "'x' must be a text, not a block, list or table")]
    [InlineData("-Header @{ x = { 'a' } }", "ArgumentInvalid", "'x' must be a text, not a block, list or table")]
    [InlineData("-Route http-hello-route", "ArgumentInvalid", "-VirtualService")]
    [InlineData("-VirtualService hello2-vs -Message @{ name = 'eric' }", "ArgumentInvalid", "grpc://")]
    [InlineData("-VirtualService hello2-vs -Rate 0", "ParameterArgumentValidationError", "Rate")]
    [InlineData("-VirtualService hello2-vs -WarmUp -1", "ArgumentInvalid", "-WarmUp")]
    [InlineData("-VirtualService hello2-vs -HttpVersion 3", "ParameterArgumentValidationError", "HttpVersion")]
    [InlineData("-Count 0", "ParameterArgumentValidationError", "Count")]
    [InlineData("-VersionHeader { 'x' }", "ParameterArgumentTransformationError", "script block")]
    [InlineData("-Duration soon", "ParameterArgumentTransformationError", "'soon' is no duration")]
    public void WrongInput_IsRefusedBeforeAnythingIsSent(string arguments, string errorId, string message)
    {
        ErrorRecord error = Fails($"Measure-TrafficShift {Entry} {arguments}");
        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _load.Requests);
    }

    [Theory]
    [InlineData("grpc://127.0.0.1:7004/x")]
    [InlineData("grpc://127.0.0.1:7004/a/b/c")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("127.0.0.1/hello")]
    public void NoHttpUrl_IsRefused(string uri) =>
        Assert.StartsWith("ArgumentInvalid,", Fails($"Measure-TrafficShift {uri} -VirtualService hello2-vs").FullyQualifiedErrorId, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://eric:Secret1@127.0.0.1:8004/hello/eric")]
    [InlineData("ftp://eric:Secret1@127.0.0.1/x")]
    public void PasswordInTheUrl_IsRefusedAndNotShown(string uri)
    {
        ErrorRecord error = Fails($"Measure-TrafficShift {uri} -VirtualService hello2-vs");
        Assert.StartsWith("ArgumentInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Header", error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret1", $"{error.Exception} {error.TargetObject}", StringComparison.Ordinal);
    }

    [Fact]
    public void PathOfNoRoute_IsAmbiguousListingTheRoutes()
    {
        ErrorRecord error = Fails("Measure-TrafficShift http://127.0.0.1:8004/other -VirtualService hello2-vs");
        Assert.StartsWith("Ambiguous,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("'http-hello-route', 'http-bye-route'", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutConnection_IsNotConnected()
    {
        using CmdletHost host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);
        Assert.Equal(["NotConnected"], host.Run($"Measure-TrafficShift {Entry} -Namespace x").ErrorIds);
    }

    private ErrorRecord Fails(string script) => Assert.Single(_mesh.Run(script).Errors);
}
