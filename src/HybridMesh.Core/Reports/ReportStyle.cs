namespace HybridMesh.Core;

/// <summary>The page's style. It holds no angle bracket and no ampersand, which a style must not escape.</summary>
internal static class ReportStyle
{
    // The first six versions' colours are those of Okabe and Ito (2008), told apart with any kind of colour vision; the
    // next six only help where so many are compared.
    private const string Light = """
        --ground:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--panel:#f6f8fa;
        --good:#176f30;--bad:#b3261e;--open:#7a5200;--goodground:#e6f4ea;--badground:#fdecea;--openground:#fff4d6;
        """;

    private const string Dark = """
        --ground:#0d1117;--ink:#e6edf3;--soft:#9da7b3;--line:#3d444d;--panel:#161b22;
        --good:#56d364;--bad:#ff8a80;--open:#e3b341;--goodground:#10261a;--badground:#33161a;--openground:#2b2310;
        """;

    // A shade at an edge says that there is more beyond it; at the end its cover, which moves along, hides it.
    private const string Shades = """
        background-attachment:local,local,scroll,scroll;background-image:
        linear-gradient(90deg,var(--ground) 45%,transparent),linear-gradient(270deg,var(--ground) 45%,transparent),
        linear-gradient(90deg,var(--soft),transparent),linear-gradient(270deg,var(--soft),transparent);
        background-position:0,100%,0,100%;background-size:2rem 100%,2rem 100%,.5rem 100%,.5rem 100%
        """;

    /// <summary>The style sheet.</summary>
    public const string Css = $$$"""

        :root{color-scheme:light dark;{{{Light}}}}
        @media (prefers-color-scheme:dark){:root{{{{Dark}}}}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink)}
        body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:55rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}
        h1{font-size:1.25rem;margin:0}
        h2{font-size:1.35rem;margin:2.5rem 0 .5rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
        h3{font-size:1.05rem;margin:1.5rem 0 .25rem;overflow-wrap:anywhere}
        h4{font-size:1rem;margin:1rem 0 .25rem}
        p,li{overflow-wrap:anywhere}p{margin:.4rem 0}
        .soft,caption,footer{color:var(--soft);font-size:.875rem}
        .verdict{border-left:.5rem solid;border-radius:.375rem;padding:1rem 1.25rem;margin:1rem 0}
        .verdict p{font-size:1.15rem;line-height:1.35;font-weight:600;margin:0}
        .verdict p b{display:block;font-size:1.5rem;margin-bottom:.25rem}
        .verdict ul{list-style:none;margin:.75rem 0 0;padding:0}
        .verdict li{margin:.25rem 0;color:var(--ink);padding-left:1.6em;text-indent:-1.6em}
        .verdict li b{display:inline-block;width:1.6em;text-indent:0}
        .good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}.plain{color:var(--soft)}
        .verdict.good{background:var(--goodground)}.verdict.bad{background:var(--badground)}
        .verdict.open{background:var(--openground)}.verdict.plain{background:var(--panel)}
        figure{margin:.75rem 0;break-inside:avoid}
        figcaption{font-size:.875rem;margin:.15rem 0 .5rem;overflow-wrap:anywhere}
        figure .wide{margin:.25rem 0}
        svg{display:block;max-width:max(100%,40rem);height:auto}
        .keep{break-inside:avoid}
        .wide{overflow-x:auto;margin:.75rem 0;background-repeat:no-repeat;{{{Shades}}}}
        table{border-collapse:collapse;width:100%;font-size:.875rem}
        caption{text-align:left;padding-bottom:.25rem}
        th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
        td,th{overflow-wrap:anywhere}thead th{vertical-align:bottom}td pre{margin:.25rem 0}
        .w{width:100%;min-width:11rem}.l{min-width:11rem}.s{white-space:nowrap}
        th{font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .cause{border-left:.25rem solid var(--open);padding:.1rem 1rem;margin:.75rem 0;break-inside:avoid}
        .cause ul{margin:.25rem 0;padding-left:1.2em;font-size:.875rem}
        pre{background:var(--panel);padding:.5rem .75rem;margin:.5rem 0;font-size:.85rem;white-space:pre-wrap;
        overflow-wrap:anywhere}
        footer{margin-top:3rem}
        text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--ink)}
        text.small{font-size:11px}text.soft{fill:var(--soft)}text.strong{font-weight:600}
        text.good{fill:var(--good)}text.bad{fill:var(--bad)}text.open{fill:var(--open)}
        .axis,.grid{stroke:var(--line);stroke-width:1}
        .box{fill:var(--panel);stroke:var(--soft);stroke-width:1.2}.box.bad{stroke:var(--bad);stroke-width:2.2}
        .box.vm{stroke-width:2.2}.box.ghost{fill:var(--ground);stroke-dasharray:4 4}
        .arrow{stroke:var(--soft);stroke-width:1.8;fill:none}.head{fill:var(--soft)}
        .arrow.bad{stroke:var(--bad);stroke-dasharray:5 4}.head.bad{fill:var(--bad)}
        .whisker{stroke:var(--ink);stroke-width:2}.expected{fill:var(--ground);stroke:var(--ink);stroke-width:1.6}
        .frame{fill:none;stroke:var(--bad);stroke-width:3;stroke-dasharray:7 4}
        .parted{stroke:var(--ink);stroke-width:1.6;stroke-dasharray:2 3}
        .cut{stroke:var(--ground);stroke-width:1.5}
        .v0{fill:#0072b2}.v1{fill:#e69f00}.v2{fill:#009e73}.v3{fill:#cc79a7}
        .v4{fill:#56b4e9}.v5{fill:#d55e00}.vn{fill:var(--soft)}
        .v6{fill:#f0e442}.v7{fill:#882255}.v8{fill:#999933}.v9{fill:#117733}.v10{fill:#ddcc77}.v11{fill:#6644aa}
        text.on{fill:#000;font-size:12px}text.on0,text.on7,text.on9,text.on11{fill:#fff}
        .mark{stroke:var(--ink);stroke-width:1.4}
        @media print{:root{color-scheme:light;{{{Light}}}}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        html{font-size:13px}body{font-size:1rem}main{max-width:none;padding:0}
        h2,h3,h4,caption,thead{break-after:avoid}tr,.verdict,.cause,pre{break-inside:avoid}
        svg{max-width:100%}.wide{overflow:visible;background:none}}
        @page{margin:14mm}

        """;
}
