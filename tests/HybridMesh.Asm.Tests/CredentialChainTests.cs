using HybridMesh.Core;
using Microsoft.Extensions.Time.Testing;

namespace HybridMesh.Asm.Tests;

public sealed class CredentialChainTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("hybridmesh-asm-").FullName;
    private readonly Dictionary<string, string> _variables = [];
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-23T00:00:00Z", null));

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Find_Environment_BeatsFiles()
    {
        Environment("env-id", "env-secret", "env-token");
        Config("""{ "current": "p", "profiles": [{ "name": "p", "mode": "AK", "access_key_id": "i", "access_key_secret": "s" }] }""");

        Assert.Equal(new AsmCredential("env-id", "env-secret", "env-token"), Find());
    }

    [Fact]
    public void Find_ExplicitProfile_BeatsEnvironment()
    {
        Environment("env-id", "env-secret");
        Config("""{ "current": "p", "profiles": [{ "name": "q", "mode": "AK", "access_key_id": "i", "access_key_secret": "s" }] }""");

        Assert.Equal(new AsmCredential("i", "s", null), Find("q"));
    }

    [Fact]
    public void Find_HalfAnEnvironment_IsPassedOver()
    {
        _variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "env-id";
        _variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = " ";
        Ini("[default]\ntype = access_key\naccess_key_id = i\naccess_key_secret = s\n");

        Assert.Equal(new AsmCredential("i", "s", null), Find());
    }

    [Theory]
    [InlineData("AK", null)]
    [InlineData("ak", null)]
    [InlineData("StsToken", "t")]
    [InlineData("CloudSSO", "t")]
    [InlineData("OAuth", "t")]
    public void Find_UsableMode_GivesTheKey(string mode, string? token)
    {
        long later = _clock.GetUtcNow().ToUnixTimeSeconds() + 1;
        Config($$"""
            { "current": "p", "profiles": [{ "name": "p", "mode": "{{mode}}", "access_key_id": "i",
              "access_key_secret": "s", "sts_token": "t", "sts_expiration": {{later}} }] }
            """);

        Assert.Equal(new AsmCredential("i", "s", token), Find());
    }

    [Theory]
    [InlineData("CloudSSO")]
    [InlineData("OAuth")]
    public void Find_ExpiredSession_SaysHowToSignIn(string mode)
    {
        long now = _clock.GetUtcNow().ToUnixTimeSeconds();
        Config($$"""
            { "current": "p", "profiles": [{ "name": "p", "mode": "{{mode}}", "access_key_id": "i",
              "access_key_secret": "s", "sts_token": "t", "sts_expiration": {{now}} }] }
            """);

        MeshException error = Fails();

        Assert.Contains("expired at 2026-11-23 00:00:00Z", error.Message, StringComparison.Ordinal);
        Assert.Contains($"aliyun configure --mode {mode} --profile p", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RamRoleArn")]
    [InlineData("EcsRamRole")]
    [InlineData("RsaKeyPair")]
    [InlineData("RamRoleArnWithRoleName")]
    [InlineData("ChainableRamRoleArn")]
    [InlineData("External")]
    [InlineData("CredentialsURI")]
    [InlineData("OIDC")]
    [InlineData("BearerToken")]
    [InlineData("Anonymous")]
    public void Find_OtherMode_IsNamedAndNotPassedOver(string mode)
    {
        Config($$"""{ "current": "p", "profiles": [{ "name": "p", "mode": "{{mode}}", "access_key_id": "i", "access_key_secret": "the-secret" }] }""");
        Ini("[default]\naccess_key_id = i\naccess_key_secret = s\n");

        MeshException error = Fails();

        Assert.Contains($"'p'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"mode {mode},", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_UnknownProfile_NamesThoseThere()
    {
        Config("""{ "profiles": [{ "name": "a", "mode": "AK" }, { "name": "b", "mode": "AK" }] }""");

        Assert.Contains("there are: a, b", Fails("c").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ProfileVariable_SelectsInBothFiles()
    {
        _variables["ALIBABA_CLOUD_PROFILE"] = "second";
        Ini("[default]\naccess_key_id=i\naccess_key_secret=s\n# a comment\n[second]\naccess_key_id=i2\naccess_key_secret=s=2\n");

        Assert.Equal(new AsmCredential("i2", "s=2", null), Find());
    }

    [Fact]
    public void Find_CliProfileDisabled_GoesOnToIni()
    {
        _variables["ALIBABA_CLOUD_CLI_PROFILE_DISABLED"] = "true";
        Config("""{ "current": "p", "profiles": [{ "name": "p", "mode": "AK", "access_key_id": "i", "access_key_secret": "s" }] }""");
        Ini("[default]\naccess_key_id=ini\naccess_key_secret=s\n");

        Assert.Equal("ini", Find().AccessKeyId);
    }

    [Fact]
    public void Find_UnconfiguredDefaultProfile_GoesOnToIni()
    {
        Config("""{ "current": "default", "profiles": [{ "name": "default", "mode": "AK", "access_key_id": "", "access_key_secret": "" }] }""");
        Ini("[default]\naccess_key_id=ini\naccess_key_secret=s\n");

        Assert.Equal("ini", Find().AccessKeyId);
    }

    [Fact]
    public void Find_IniOfOtherType_IsNamed()
    {
        Ini("[default]\ntype = ram_role_arn\naccess_key_id = i\naccess_key_secret = the-secret\n");

        Assert.Contains("type ram_role_arn", Fails().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ConfigIsNoJson_SaysSoWithoutQuotingIt()
    {
        Config("{ \"access_key_secret\": the-secret");

        MeshException error = Fails();

        Assert.Contains("not valid JSON", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_Nothing_SaysWhereItLooked()
    {
        MeshException error = Fails();

        Assert.Contains("ALIBABA_CLOUD_ACCESS_KEY_ID", error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_home, ".aliyun", "config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_home, ".alibabacloud", "credentials.ini"), error.Message, StringComparison.Ordinal);
    }

    private AsmCredential Find(string? profile = null) =>
        new CredentialChain(new AsmEnvironment(_variables.GetValueOrDefault, _home), _clock).Find(profile);

    private MeshException Fails(string? profile = null)
    {
        MeshException error = Assert.Throws<MeshException>(() => Find(profile));
        Assert.Equal(MeshErrorCode.CredentialsNotFound, error.Code);
        return error;
    }

    private void Environment(string id, string secret, string? token = null)
    {
        _variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = id;
        _variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = secret;
        if (token is not null)
        {
            _variables["ALIBABA_CLOUD_SECURITY_TOKEN"] = token;
        }
    }

    private void Config(string json) => Write(Path.Combine(_home, ".aliyun", "config.json"), json);

    private void Ini(string text) => Write(Path.Combine(_home, ".alibabacloud", "credentials.ini"), text);

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
