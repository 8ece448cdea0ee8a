namespace HybridMesh.Core.Tests;

public sealed class SidecarEnvTests
{
    [Fact]
    public void Parse_AsIstioctlWritesIt_GivesTheValues()
    {
        SidecarEnv env = SidecarEnv.Parse("""
            CANONICAL_REVISION='v2'
            ISTIO_META_DNS_CAPTURE='true'
            ISTIO_METAJSON_LABELS='{"app":"it'"'"'s","version":"v2"}'
            ISTIO_META_NETWORK=''
            ISTIO_NAMESPACE='hello'
            SERVICE_ACCOUNT='default'

            """);

        Assert.Equal(("hello", "default", "v2", null), (env.Namespace, env.ServiceAccount, env.Version, env.Network));
        Assert.Equal("it's", env.Labels["app"]);
        Assert.True(env.CapturesDns);
    }

    [Theory]
    [InlineData("A=plain\n", "plain")]
    [InlineData("A=\"two words\"", "two words")]
    [InlineData("export A='x' # why\n", "x")]
    [InlineData("# A='no'\nA='yes'", "yes")]
    [InlineData("A='two\nlines'\n", "two\nlines")]
    [InlineData("A=a\\ b", "a b")]
    [InlineData("A='one'\nA='two'", "two")]
    [InlineData("not an assignment\nA='x'", "x")]
    public void Parse_AsAShellWould(string text, string value) => Assert.Equal(value, SidecarEnv.Parse(text)["A"]);

    [Theory]
    [InlineData("CANONICAL_REVISION='latest'", null)]
    [InlineData("CANONICAL_REVISION='v3'", "v3")]
    [InlineData("CANONICAL_REVISION='v3'\nISTIO_METAJSON_LABELS='{\"version\":\"v4\"}'", "v4")]
    [InlineData("ISTIO_METAJSON_LABELS='{damaged'", null)]
    public void Version_IsTheLabelElseTheRevision(string text, string? version) =>
        Assert.Equal(version, SidecarEnv.Parse(text).Version);
}
