using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The sums of a thread in a tile of 64 rows by so many columns as a head has features: tiles of 64 and half tiles of 32 columns side by side.
/// Fields, because those always become registers.
/// </summary>
internal interface ITeamColumns<TSelf> where TSelf : struct, ITeamColumns<TSelf>
{
    /// <summary>Adds a product to every tile.</summary>
    static abstract TSelf Add<TProduct>(TSelf sums, TProduct product) where TProduct : struct, ITeamColumnsProduct;

    /// <summary>Multiplies row r with component r.</summary>
    static abstract TSelf Scale(TSelf sums, Float4 factors);

    /// <summary>Hands out the sums, four columns at a time; <paramref name="row"/> is the first of the thread's four.</summary>
    static abstract void Store<TTarget>(TSelf sums, TTarget target, int row) where TTarget : struct, ITeamTarget;
}

/// <summary>A product of which a tile of 64 columns, or half of one, is added at a time.</summary>
internal interface ITeamColumnsProduct
{
    SmallTeamTile Add(SmallTeamTile sums, int firstColumn);

    HalfTeamTile AddHalf(HalfTeamTile sums, int firstColumn);
}

/// <summary>Heads of up to 32 features: a whole tile would be half empty.</summary>
internal struct Columns32 : ITeamColumns<Columns32>
{
    private HalfTeamTile _a;

    public static Columns32 Add<TProduct>(Columns32 sums, TProduct product) where TProduct : struct, ITeamColumnsProduct =>
        new() { _a = product.AddHalf(sums._a, 0) };

    public static Columns32 Scale(Columns32 sums, Float4 factors) => new() { _a = HalfTeamTile.Scale(sums._a, factors) };

    public static void Store<TTarget>(Columns32 sums, TTarget target, int row) where TTarget : struct, ITeamTarget =>
        HalfTeamTile.Store(sums._a, target, row, 0);
}

/// <summary>Heads of up to 64 features.</summary>
internal struct Columns64 : ITeamColumns<Columns64>
{
    private SmallTeamTile _a;

    public static Columns64 Add<TProduct>(Columns64 sums, TProduct product) where TProduct : struct, ITeamColumnsProduct =>
        new() { _a = product.Add(sums._a, 0) };

    public static Columns64 Scale(Columns64 sums, Float4 factors) => new() { _a = SmallTeamTile.Scale(sums._a, factors) };

    public static void Store<TTarget>(Columns64 sums, TTarget target, int row) where TTarget : struct, ITeamTarget =>
        SmallTeamTile.Store(sums._a, target, row, Group.IdxX % 16 * 4);
}

/// <summary>Heads of up to 96 features.</summary>
internal struct Columns96 : ITeamColumns<Columns96>
{
    private SmallTeamTile _a;
    private HalfTeamTile _b;

    public static Columns96 Add<TProduct>(Columns96 sums, TProduct product) where TProduct : struct, ITeamColumnsProduct
    {
        var a = product.Add(sums._a, 0);
        return new() { _a = a, _b = product.AddHalf(sums._b, 64) };
    }

    public static Columns96 Scale(Columns96 sums, Float4 factors) =>
        new() { _a = SmallTeamTile.Scale(sums._a, factors), _b = HalfTeamTile.Scale(sums._b, factors) };

    public static void Store<TTarget>(Columns96 sums, TTarget target, int row) where TTarget : struct, ITeamTarget
    {
        SmallTeamTile.Store(sums._a, target, row, Group.IdxX % 16 * 4);
        HalfTeamTile.Store(sums._b, target, row, 64);
    }
}

/// <summary>Heads of up to 128 features.</summary>
internal struct Columns128 : ITeamColumns<Columns128>
{
    private SmallTeamTile _a, _b;

    public static Columns128 Add<TProduct>(Columns128 sums, TProduct product) where TProduct : struct, ITeamColumnsProduct
    {
        var a = product.Add(sums._a, 0);
        return new() { _a = a, _b = product.Add(sums._b, 64) };
    }

    public static Columns128 Scale(Columns128 sums, Float4 factors) =>
        new() { _a = SmallTeamTile.Scale(sums._a, factors), _b = SmallTeamTile.Scale(sums._b, factors) };

    public static void Store<TTarget>(Columns128 sums, TTarget target, int row) where TTarget : struct, ITeamTarget => Store(sums, target, row, Group.IdxX % 16 * 4);

    /// <summary>The same from a column of the thread on.</summary>
    public static void Store<TTarget>(Columns128 sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
    {
        SmallTeamTile.Store(sums._a, target, row, column);
        SmallTeamTile.Store(sums._b, target, row, column + 64);
    }
}

/// <summary>Heads of up to 256 features.</summary>
internal struct Columns256 : ITeamColumns<Columns256>
{
    private Columns128 _a, _b;

    public static Columns256 Add<TProduct>(Columns256 sums, TProduct product) where TProduct : struct, ITeamColumnsProduct
    {
        var a = Columns128.Add(sums._a, product);
        return new() { _a = a, _b = Columns128.Add(sums._b, new Behind<TProduct> { Product = product }) };
    }

    public static Columns256 Scale(Columns256 sums, Float4 factors) =>
        new() { _a = Columns128.Scale(sums._a, factors), _b = Columns128.Scale(sums._b, factors) };

    public static void Store<TTarget>(Columns256 sums, TTarget target, int row) where TTarget : struct, ITeamTarget
    {
        int column = Group.IdxX % 16 * 4;
        Columns128.Store(sums._a, target, row, column);
        Columns128.Store(sums._b, target, row, column + 128);
    }

    private struct Behind<TProduct> : ITeamColumnsProduct where TProduct : struct, ITeamColumnsProduct
    {
        public TProduct Product;

        public readonly SmallTeamTile Add(SmallTeamTile sums, int firstColumn) => Product.Add(sums, firstColumn + 128);

        public readonly HalfTeamTile AddHalf(HalfTeamTile sums, int firstColumn) => Product.AddHalf(sums, firstColumn + 128);
    }
}
