using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class LabelSyntaxTests
{
    // A name cut off at 63 characters may end in one of these, which the API server refuses only when the VM connects.
    [Theory]
    [InlineData("canary.")]
    [InlineData("canary_")]
    [InlineData("canary-")]
    [InlineData(".canary")]
    [InlineData("can ary")]
    public void Check_ValueThatKubernetesRefuses_NamesLabelAndOwner(string value)
    {
        MeshException e = Assert.Throws<MeshException>(() => Check("version", value));

        Assert.Contains($"version='{value}' of VM vm1", e.Message);
    }

    [Fact]
    public void Check_ValueOf64Letters_IsRefused()
    {
        Check("version", new string('v', 63));

        Assert.Throws<MeshException>(() => Check("version", new string('v', 64)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1")]
    [InlineData("1.0_rc-2")]
    public void Check_ValueThatKubernetesTakes_Passes(string value) => Check("version", value);

    private static void Check(string key, string value) =>
        LabelSyntax.CheckLabel(key, value, "VM vm1", target: null);
}
