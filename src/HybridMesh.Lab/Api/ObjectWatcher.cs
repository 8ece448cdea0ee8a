using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// Answers watches: one JSON event per line until the client goes, the time is over or the server stops.
/// </summary>
internal sealed class ObjectWatcher(ObjectStore store, TimeProvider clock, CancellationToken stopping)
{
    public async Task WatchAsync(ApiCall call, ResourceType type)
    {
        ObjectFilter filter = ObjectFilter.Parse(call, type);
        long? since = Since(call);
        using StoreSubscription? subscription = store.Subscribe(type.Kind, since);
        HttpContext http = call.Http;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-cache, private";

        // The client waits for the headers, which may be long before the first event.
        await http.Response.Body.FlushAsync(http.RequestAborted);
        if (subscription is null)
        {
            ApiException expired = new(
                410, "Expired", $"too old resource version: {since} ({store.CurrentVersion})");
            await WriteAsync(http, "ERROR", expired.ToStatus(), http.RequestAborted);
            return;
        }

        using CancellationTokenSource end =
            CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        end.CancelAfter(TimeSpan.FromSeconds(call.Number("timeoutSeconds") is > 0 and { } seconds ? seconds : 3000));
        try
        {
            await SendAsync(call, type, filter, subscription, end.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The watch's time is over: the answer ends as it should.
        }
    }

    private async Task SendAsync(
        ApiCall call, ResourceType type, ObjectFilter filter, StoreSubscription subscription, CancellationToken end)
    {
        bool asTable = TableView.IsWanted(call.Http);
        TableView table = new(type, clock);
        JsonObject View(JsonObject item)
        {
            JsonObject view = ObjectView.At(type, call.Version, item);
            return asTable ? table.Of([view], (string?)item["metadata"]?["resourceVersion"] ?? "") : view;
        }

        foreach (JsonObject item in subscription.Items.Where(filter.Matches))
        {
            await WriteAsync(call.Http, "ADDED", View(item), end);
        }

        if (call.Flag("sendInitialEvents"))
        {
            await WriteAsync(call.Http, "BOOKMARK", Bookmark(type, call.Version, subscription.Version), end);
        }

        await foreach (StoreEvent change in subscription.ReadAllAsync(end))
        {
            // What a selector sees: an object that stops matching is gone, one that starts to match is new.
            bool before = change.Previous is not null && filter.Matches(change.Previous);
            bool now = change.Type != "DELETED" && filter.Matches(change.Item);
            string? seen = (before, now) switch
            {
                (true, true) => "MODIFIED",
                (false, true) => "ADDED",
                (true, false) => "DELETED",
                _ => null,
            };
            if (seen is not null)
            {
                await WriteAsync(call.Http, seen, View(change.Item), end);
            }
        }
    }

    private static long? Since(ApiCall call)
    {
        string? text = call.Text("resourceVersion");
        if (text is null or "0")
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? version
            : throw ApiException.BadRequest(
                $"Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }

    private static JsonObject Bookmark(ResourceType type, string version, long resourceVersion) => new()
    {
        ["kind"] = type.Kind,
        ["apiVersion"] = type.ApiVersion(version),
        ["metadata"] = new JsonObject
        {
            ["resourceVersion"] = resourceVersion.ToString(CultureInfo.InvariantCulture),
            ["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" },
        },
    };

    private static async Task WriteAsync(HttpContext http, string type, JsonObject item, CancellationToken end)
    {
        JsonObject change = new() { ["type"] = type, ["object"] = item };
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(change.ToJsonString(FieldPath.Json) + "\n"), end);
        await http.Response.Body.FlushAsync(end);
    }
}
