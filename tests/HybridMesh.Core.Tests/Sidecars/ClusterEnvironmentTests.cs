using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class ClusterEnvironmentTests
{
    [Fact]
    public void Read_WhatIstioctlWrites_GivesEveryValue()
    {
        ClusterEnvironment environment = ClusterEnvironment.Read("""
            CANONICAL_SERVICE='hello'
            ISTIO_INBOUND_PORTS='*'
            ISTIO_METAJSON_LABELS='{"app":"hello","version":"v2"}'
            ISTIO_META_NETWORK=''
            ISTIO_NAMESPACE='ns'
            NOTE='it'"'"'s'
            PLAIN=a/b:c
            SERVICE_ACCOUNT='sa'

            """);

        Assert.Empty(environment.Problems);
        Assert.Equal(("*", "it's", "a/b:c"), (environment.Env["ISTIO_INBOUND_PORTS"], environment.Env["NOTE"], environment.Env["PLAIN"]));
        Assert.Equal("cluster.env line 5", environment.Place("ISTIO_NAMESPACE"));
    }

    [Theory]
    [InlineData("A='x'\nnonsense\n", "line 2")]
    [InlineData("A='x", "line 1")]
    [InlineData("A=$(reboot)", "line 1")]
    [InlineData("A=\"$B\"", "line 1")]
    [InlineData("A=x; reboot", "line 1")]
    [InlineData("# note\n\nISTIO_METAJSON_LABELS='{'", "line 3")]
    public void Read_LineAShellWouldTakeOtherwise_IsAProblemThatNamesIt(string text, string place)
    {
        ClusterEnvironment environment = ClusterEnvironment.Read(text);

        Assert.Contains(place, Assert.Single(environment.Problems), StringComparison.Ordinal);
    }
}
