namespace GpuNets.Reference;

/// <summary>Parameters by name: layerL.weight, .bias, .recurrent, .recurrentBias; headH.weight, .bias; output.weight, .bias; reads [R, M],
/// weightings [H, N], memory [N, M], hidden and cells [Layers, Width]. Heads: read heads first.</summary>
public static class NtmReferenceState
{
    /// <summary>Names and lengths of the parameters of a machine.</summary>
    public static IEnumerable<(string Name, int Length)> Lengths(NtmReferenceOptions o)
    {
        int gates = o.Lstm ? 4 * o.Width : o.Width;
        for (int l = 0; l < o.Layers; l++)
        {
            yield return ($"layer{l}.weight", gates * (l == 0 ? o.Inputs + o.Reads * o.Columns : o.Width));
            yield return ($"layer{l}.bias", gates);
            if (!o.Lstm) continue;
            yield return ($"layer{l}.recurrent", gates * o.Width);
            yield return ($"layer{l}.recurrentBias", gates);
        }
        for (int h = 0; h < o.Reads + o.Writes; h++)
        {
            int width = h < o.Reads ? o.AddressWidth : o.WriteWidth;
            yield return ($"head{h}.weight", width * o.Width);
            yield return ($"head{h}.bias", width);
        }
        yield return ("output.weight", o.Outputs * (o.Width + o.Reads * o.Columns));
        yield return ("output.bias", o.Outputs);
        yield return ("reads", o.Reads * o.Columns);
        yield return ("weightings", (o.Reads + o.Writes) * o.Rows);
        yield return ("memory", o.Rows * o.Columns);
        yield return ("hidden", o.Layers * o.Width);
        if (o.Lstm) yield return ("cells", o.Layers * o.Width);
    }
}
