namespace HybridMesh.Core;

/// <summary>Remembers which version gave which answer.</summary>
/// <param name="inner">Tells the version of an answer not seen before.</param>
/// <param name="ignoreTimings">
/// Whether answers that differ by times such as <c>[12ms]</c> only are of one version.
/// </param>
internal sealed class AttributionCache(IVersionAttribution inner, bool ignoreTimings) : IVersionAttribution
{
    private readonly AnswerCache<string> _cache = new(inner.VersionOf, ignoreTimings);

    public string Remedy => inner.Remedy;

    /// <summary>The attribution with a memory, where reading an answer is work.</summary>
    public static IVersionAttribution Of(IVersionAttribution attribution) => attribution is HeaderAttribution
        ? attribution
        : new AttributionCache(attribution, ignoreTimings: attribution is AddressAttribution);

    public string? VersionOf(in LoadAnswer answer) => _cache.Read(answer);
}
