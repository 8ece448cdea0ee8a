using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Answers get and list.</summary>
internal sealed class ObjectReader(ObjectStore store, TimeProvider clock)
{
    public Task GetAsync(ApiCall call, ResourceType type)
    {
        JsonObject found = store.Find(type.Kind, type.Namespaced ? call.Namespace : null, call.Name!)
            ?? throw ApiException.NotFound(type, call.Name!);
        JsonObject answer = ObjectView.At(type, call.Version, found);
        return call.Http.WriteJsonAsync(
            200, TableView.IsWanted(call.Http) ? new TableView(type, clock).Of([answer], Version(found)) : answer);
    }

    public Task ListAsync(ApiCall call, ResourceType type)
    {
        ObjectFilter filter = ObjectFilter.Parse(call, type);

        // The version is read first: a change in between is then seen twice by a list and watch, never lost.
        string version = store.CurrentVersion.ToString(CultureInfo.InvariantCulture);
        List<JsonObject> items =
            [.. store.List(type.Kind, type.Namespaced ? call.Namespace : null).Where(filter.Matches)];
        if (TableView.IsWanted(call.Http))
        {
            return call.Http.WriteJsonAsync(
                200,
                new TableView(type, clock).Of(
                    items.ConvertAll(item => ObjectView.At(type, call.Version, item)), version));
        }

        return call.Http.WriteJsonAsync(200, new JsonObject
        {
            ["kind"] = type.Kind + "List",
            ["apiVersion"] = type.ApiVersion(call.Version),
            ["metadata"] = type.IsCustom
                ? new JsonObject { ["continue"] = "", ["resourceVersion"] = version }
                : new JsonObject { ["resourceVersion"] = version },
            ["items"] = new JsonArray([.. items.Select(item => ObjectView.AsListItem(type, call.Version, item))]),
        });
    }

    private static string Version(JsonObject item) => (string?)item["metadata"]?["resourceVersion"] ?? "";
}
