using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>
/// Finds an access key. A profile named outright is the only place looked at. Otherwise, first found first taken: the
/// environment, the profile of <c>aliyun configure</c> that is current, the INI file. A place that holds something of
/// a kind that can't be used is an error and not passed over: the user meant it.
/// </summary>
internal sealed class CredentialChain(AsmEnvironment environment, TimeProvider clock)
{
    private static readonly string[] Prefixes = ["ALIBABA_CLOUD", "ALIBABACLOUD", "ALICLOUD"];

    /// <exception cref="MeshException">CredentialsNotFound, saying where was looked or what can't be used.</exception>
    public AsmCredential Find(string? profile)
    {
        AliyunConfigFile config = new(Path.Combine(environment.Home, ".aliyun", "config.json"), clock);
        if (!string.IsNullOrEmpty(profile))
        {
            return config.Find(profile) ?? throw NotFound(
                $"There is no profile '{profile}' in {config.Path}{config.Known}; make one with "
                + $"'aliyun configure --profile {profile}' or name another.", profile);
        }

        CredentialsIniFile ini = CredentialsIniFile.Of(environment);
        string? named = environment.First(
            "ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE");
        bool skipsConfig = environment.IsTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED")
            || environment.IsTrue("ALIBABA_CLOUD_IGNORE_PROFILE");
        return FromVariables()
            ?? (skipsConfig ? null : config.Find(named))
            ?? ini.Find(named)
            ?? throw NotFound(
                "No Alibaba Cloud credentials were found. Looked at: the variables ALIBABA_CLOUD_ACCESS_KEY_ID and "
                + $"ALIBABA_CLOUD_ACCESS_KEY_SECRET (both are needed), {config.Path}, {ini.Path}. "
                + "Run 'aliyun configure' or set the variables.");
    }

    internal static MeshException NotFound(string message, object? target = null, Exception? inner = null) =>
        new(MeshErrorCode.CredentialsNotFound, message, target, inner);

    private AsmCredential? FromVariables() =>
        Variable("ACCESS_KEY_ID") is string id && Variable("ACCESS_KEY_SECRET") is string secret
            ? new AsmCredential(id, secret, Variable("SECURITY_TOKEN")) : null;

    private string? Variable(string name) => environment.First([.. Prefixes.Select(prefix => $"{prefix}_{name}")]);
}
