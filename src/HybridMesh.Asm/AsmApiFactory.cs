using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>Opens the ASM API over HTTP, with credentials found as the Alibaba Cloud tools find theirs.</summary>
public sealed class AsmApiFactory : IAsmApiFactory
{
    private static readonly Uri Central = new("https://servicemesh.aliyuncs.com");

    private readonly TimeProvider _clock;
    private readonly CredentialChain _credentials;
    private readonly Func<string> _nonce;

    /// <summary>Makes a factory that looks at this process's environment and the user's home.</summary>
    public AsmApiFactory(TimeProvider clock)
        : this(clock, AsmEnvironment.Process, () => Guid.NewGuid().ToString("D"))
    {
    }

    /// <summary>Makes a factory with an environment and nonces of one's own.</summary>
    public AsmApiFactory(TimeProvider clock, AsmEnvironment environment, Func<string> nonce)
    {
        _clock = clock;
        _credentials = new CredentialChain(environment, clock);
        _nonce = nonce;
    }

    /// <inheritdoc/>
    public Task<IAsmApi> OpenAsync(AsmOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(options);
        Uri endpoint = Check(options.Endpoint ?? Central);
        AsmCredential credential = options.Credential ?? _credentials.Find(options.Profile);
        return Task.FromResult<IAsmApi>(new AsmApi(new AsmCaller(endpoint, credential, _clock, _nonce)));
    }

    // A signature does not hide what is sent, and a kubeconfig comes back: only the loopback may go without TLS.
    private static Uri Check(Uri endpoint)
    {
        bool allowed = endpoint.IsAbsoluteUri
            && (endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback))
            && endpoint.PathAndQuery == "/" && endpoint.UserInfo.Length == 0;
        string shown = endpoint.IsAbsoluteUri
            ? endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : endpoint.OriginalString;
        return allowed ? endpoint : throw new MeshException(
            MeshErrorCode.ArgumentInvalid,
            $"The ASM endpoint '{shown}' can't be used: give an https URL without a path, such as "
            + $"{Central}; plain http is allowed on loopback only.",
            shown);
    }
}
