using GpuNets.Kernels;
using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Ntm;

/// <summary>The ops of Neural Turing Machines.</summary>
internal sealed class NtmOpCases : IOpCases
{
    // An element of a gradient chains some twenty rounded operations: cosine, softmax, gate, shift, power and normalisation.
    private const double AddressUlps = 4, SequenceUlps = 16;

    public IEnumerable<OpCase> Cases =>
    [
        Address("read head", "paper", batch: 1, writes: false), Address("write head", "vectors", batch: 2, writes: true),
        Address("write head", "pytorch-ntm", batch: 2, writes: true), Address("read head", "content-only", batch: 1, writes: false),
        Read("paper", batch: 2), Read("vectors", batch: 1), Write("paper", batch: 2, heads: 1), Write("vectors", batch: 1, heads: 3),
        Sequence("paper"), Sequence("feed-forward"),
    ];

    private static OpCase Address(string what, string name, int batch, bool writes)
    {
        var test = NtmCase.Named(name);
        var (z, o) = (test.Sizes, test.Options);
        int width = writes ? o.WriteWidth : o.AddressWidth;
        return new($"ntm address {what} {name} [{batch}]",
            [OpInput.Avoiding([0], batch, width), OpInput.Uniform(0.01, 0.3, batch, o.Rows), OpInput.Normal(batch, o.Columns, o.Rows)],
            x =>
            {
                var (weights, act) = NtmAddressOp.Apply(z, writes, x[0], x[1], x[2]);
                return writes ? Tensor.Concatenate(1, weights, act.Slice(1, o.AddressWidth, o.WriteWidth)) : weights;
            },
            x => Rows(batch, b =>
            {
                var head = new NtmReferenceHead<RealNumber>(o, Row(x[0], b), Row(x[1], b), Memory(x[2], b, o));
                return [.. head.Weighting, .. head.Erase, .. head.Add];
            }))
        { Cancels = true, PlainUlps = AddressUlps };
    }

    private static OpCase Read(string name, int batch)
    {
        var test = NtmCase.Named(name);
        var (z, o) = (test.Sizes, test.Options);
        return new($"ntm read {name} [{batch}]", [OpInput.Uniform(0, 1, batch, o.Rows), OpInput.Normal(batch, o.Columns, o.Rows)],
            x => NtmReadOp.Apply(z, x[0], x[1]),
            x => Rows(batch, b => new NtmReferenceHead<RealNumber>(Row(x[0], b), [], []).Read(Memory(x[1], b, o))))
        { Cancels = true, PlainUlps = 2 };
    }

    private static OpCase Write(string name, int batch, int heads)
    {
        var test = NtmCase.Named(name);
        var z = test.Sizes;
        var o = test.Options;
        int unused = o.AddressWidth;
        // Parameters of addressing take no part in a write: e and a are the inputs.
        return new($"ntm write {name} [{batch}] {heads}",
            [OpInput.Uniform(0, 1, batch, heads * o.Rows), OpInput.Uniform(0.05, 0.95, batch, heads, 2 * o.Columns), OpInput.Normal(batch, o.Columns, o.Rows)],
            x => NtmWriteOp.Apply(z, x[0], x[1].Pad(2, unused, 0).Reshape(batch, heads * o.WriteWidth), x[2]),
            x => Rows(batch, b =>
            {
                var writers = Enumerable.Range(0, heads).Select(h => new NtmReferenceHead<RealNumber>(
                    Row(x[0], b)[(h * o.Rows)..((h + 1) * o.Rows)], Row(x[1], b)[(h * 2 * o.Columns)..((h * 2 + 1) * o.Columns)],
                    Row(x[1], b)[((h * 2 + 1) * o.Columns)..((h + 1) * 2 * o.Columns)]));
                var memory = NtmReferenceHead<RealNumber>.Write(o, [.. writers], Memory(x[2], b, o));
                return [.. Enumerable.Range(0, o.Columns).SelectMany(m => memory.Select(row => row[m]))];
            }, o.Columns, o.Rows))
        { Cancels = true, PlainUlps = 2 };
    }

    private static OpCase Sequence(string name)
    {
        var test = NtmCase.Named(name, time: 2, batch: 1);
        var (z, o) = (test.Sizes, test.Options);
        string[] names = [.. test.Values.Keys];
        OpInput Parameter(string key) => key == "weightings" ? OpInput.Uniform(0.01, 0.3, test.Values[key].Length)
            : new OpInput([test.Values[key].Length], (random, i) => 0.6 * random.Normal(i));
        return new($"ntm sequence {name}",
            [new OpInput([z.Time, z.Batch, z.Inputs], (random, i) => random.Normal(i)), .. names.Select(Parameter)],
            x =>
            {
                Tensor Named(string key) => x[1 + Array.IndexOf(names, key)];
                NtmAffineTensors Affine(string key) => new(Named($"{key}.weight"), Named($"{key}.bias"));
                bool lstm = z.Lstm != 0;
                var tensors = new NtmTensors(
                    [new NtmLayerTensors(Named("layer0.weight"), Named("layer0.bias"), lstm ? Named("layer0.recurrent") : null, lstm ? Named("layer0.recurrentBias") : null)],
                    [Affine("head0"), Affine("head1")], Affine("output"), Named("reads"), Named("weightings"), Named("memory"), Named("hidden"),
                    lstm ? Named("cells") : null);
                return NtmSequenceOp.Apply(z, tensors, x[0]).Logits;
            },
            x =>
            {
                var machine = new NtmReference<RealNumber>(o, names.ToDictionary(key => key, key => Numbers(x[1 + Array.IndexOf(names, key)])));
                RealNumber[] inputs = Numbers(x[0]);
                var logits = Enumerable.Range(0, z.Time).SelectMany(t => machine.Step(inputs[(t * z.Inputs)..((t + 1) * z.Inputs)]));
                return new NdArray([z.Time, z.Batch, z.Outputs], [.. logits.Select(v => v.Value)]);
            })
        { Cancels = true, PlainUlps = SequenceUlps, Emulate = false };   // NtmSequenceTests runs the emulated forms
    }

    private static RealNumber[] Numbers(NdArray array) => [.. array.Values.Select(v => new RealNumber(v))];

    private static RealNumber[] Row(NdArray array, int b)
    {
        int width = array.Length / array.Shape[0];
        return Numbers(array)[(b * width)..((b + 1) * width)];
    }

    /// <summary>[M, N] of one sequence as [N][M].</summary>
    private static RealNumber[][] Memory(NdArray memory, int b, NtmReferenceOptions o)
    {
        RealNumber[] values = Row(memory, b);
        return [.. Enumerable.Range(0, o.Rows).Select(i => Enumerable.Range(0, o.Columns).Select(m => values[m * o.Rows + i]).ToArray())];
    }

    private static NdArray Rows(int batch, Func<int, RealNumber[]> row, params int[] shape)
    {
        RealNumber[][] rows = [.. Enumerable.Range(0, batch).Select(row)];
        return new NdArray(shape.Length == 0 ? [batch, rows[0].Length] : [batch, .. shape], [.. rows.SelectMany(r => r).Select(v => v.Value)]);
    }
}
