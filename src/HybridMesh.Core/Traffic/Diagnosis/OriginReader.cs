using System.Collections.Concurrent;
using System.Text;

namespace HybridMesh.Core;

/// <summary>Reads where answers come from.</summary>
internal sealed class OriginReader
{
    // A service whose greetings never repeat must not take ever more memory.
    private const int MaxOrigins = 1024;

    private readonly ConcurrentDictionary<string, AnswerOrigin> _origins = new(StringComparer.Ordinal);
    private readonly AnswerCache<AnswerOrigin> _cache;
    private readonly IReadOnlySet<string> _endpoints;
    private readonly Func<string, bool> _isKnown;

    /// <param name="endpoints">The addresses of the measured host.</param>
    /// <param name="isKnown">Whether an address is a pod's or a WorkloadEntry's.</param>
    public OriginReader(IReadOnlySet<string> endpoints, Func<string, bool> isKnown)
    {
        (_endpoints, _isKnown) = (endpoints, isKnown);
        _cache = new AnswerCache<AnswerOrigin>(ReadAnew, ignoreTimings: true);
    }

    /// <summary>Where an answer comes from; null when it gives no address.</summary>
    public AnswerOrigin? Read(in LoadAnswer answer) => _cache.Read(answer);

    private AnswerOrigin? ReadAnew(in LoadAnswer answer)
    {
        IReadOnlyList<MeshHop> hops = HopParser.Parse(Encoding.UTF8.GetString(answer.Body));
        if (!hops.Any(hop => hop.Address is not null))
        {
            return null;
        }

        string?[] addresses =
            [.. hops.Select(hop => hop.Address is null ? null : MeshTopology.Canonical(hop.Address))];
        int found = Array.FindIndex(addresses, address => address is not null && _endpoints.Contains(address));
        string chain = string.Join(" <- ", hops.Select((hop, i) => $"{hop.Greeting} {addresses[i] ?? "?"}"));
        return _origins.TryGetValue(chain, out AnswerOrigin? known) ? known
            : _origins.Count >= MaxOrigins ? null
            : _origins.GetOrAdd(chain, new AnswerOrigin
            {
                Address = found < 0 ? null : addresses[found],
                HopsBefore = found < 0 ? hops.Count : found,
                Hops = hops.Count,
                IsWhole = Array.TrueForAll(addresses, address => address is not null && _isKnown(address)),
                Before = found > 0 ? addresses[found - 1] : null,
                Chain = chain,
            });
    }
}
